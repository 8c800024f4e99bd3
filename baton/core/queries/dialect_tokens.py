"""Asking for the tokens of dialects: whose a token is, and one's own."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import F, QuerySet

from baton.core.models import DialectToken
from baton.lib.api_secrets import digest_of
from baton.lib.compiled import Compiled
from baton.lib.dialect_secrets import digest_of_signed, is_dialect_secret
from baton.lib.statements import Param


class LiveDialectToken(NamedTuple):
    """Whom a dialect's token stands for, as long as it is good."""

    token_id: int
    user_id: int
    epoch: int


def find_live_dialect_token(secret: str, dialect: str) -> LiveDialectToken | None:
    """Return whose token of the dialect this is, unless it was revoked, its epoch is over or its user inactive."""
    return _find(digest_of(secret), dialect) if is_dialect_secret(secret) else None


def find_live_signed_token(login: str, dialect: str) -> LiveDialectToken | None:
    """Return for whom an imported system had signed the token of this login, unless it is over likewise.

    The caller has checked the signature.
    """
    return _find(digest_of_signed(login), dialect)


def _find(digest: str, dialect: str) -> LiveDialectToken | None:
    rows = _LIVE.rows((), {"digest": digest, "dialect": dialect})
    return LiveDialectToken(*rows[0]) if rows else None


def _live(_: tuple[()]) -> QuerySet[DialectToken, tuple[Any, ...]]:
    tokens = DialectToken.objects.filter(
        digest=Param("digest"),
        dialect=Param("dialect"),
        revoked_at=None,
        user__is_active=True,
        user__token_epoch=F("epoch"),
    )
    return tokens.values_list("id", "user_id", "epoch")


_LIVE = Compiled(_live)
