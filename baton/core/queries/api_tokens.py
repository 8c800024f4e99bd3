"""Asking for API tokens: one's own, and whose a secret is."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.errors import NotFound
from baton.core.models import ApiToken
from baton.core.queries import shapes
from baton.core.queries.keyset import Key, Page, PageShape, apply
from baton.core.queries.listing import Slice, run_page
from baton.lib.compiled import COUNTED, LIMITED, Compiled
from baton.lib.statements import Param, Row

COLUMNS = ("id", "name", "hint", "scopes", "project_id", "created_at", "expires_at", "used_at")
ORDERS = {
    "created_at": (Key("created_at"), Key("id")),
    "-created_at": (Key("created_at", descending=True), Key("id", descending=True)),
}


class LiveToken(NamedTuple):
    """What an API token stands for, as long as it is good."""

    token_id: int
    user_id: int
    scopes: frozenset[str]
    project_id: int | None
    used_at: datetime | None


def find_live_token(digest: str) -> LiveToken | None:
    """Return the token of a secret's digest, unless it was revoked or has run out or its user is not active."""
    rows = _LIVE.rows((), {"digest": digest, "now": timezone.now()})
    if not rows:
        return None
    token_id, user_id, scopes, project_id, used_at = rows[0]
    return LiveToken(token_id, user_id, frozenset(scopes.split()), project_id, used_at)


def is_dead_token(digest: str) -> bool:
    """Was there ever a token of this digest?"""
    return ApiToken.objects.filter(digest=digest).exists()


def list_api_tokens(actor: Actor, ordering: str, page: Page) -> Slice[shapes.ApiToken]:
    """Return a page of the actor's tokens that were not revoked, the newest first for `-created_at`."""
    order = ORDERS[ordering]
    found = run_page(_LIST, PageShape.of(order, page), {"user": actor.user_id}, page, len(order))
    return found.map(lambda rows: [_token(row) for row in rows])


def count_api_tokens(actor: Actor) -> int:
    """Return how many tokens the actor has."""
    count: int = _COUNT.rows((), {"user": actor.user_id})[0][0]
    return count


def get_api_token(actor: Actor, token_id: int) -> shapes.ApiToken:
    """Return one of the actor's tokens. Raises NotFound."""
    row = ApiToken.objects.filter(pk=token_id, user=actor.user_id, revoked_at=None).values_list(*COLUMNS).first()
    if row is None:
        raise NotFound
    return _token(row)


def _token(row: Row) -> shapes.ApiToken:
    return shapes.ApiToken(*row[:3], row[3].split(), *row[4:8])  # type: ignore[call-arg]  # a row is untyped


def _live(_: tuple[()]) -> QuerySet[ApiToken, tuple[Any, ...]]:
    now = Param("now", ApiToken._meta.get_field("expires_at"))
    tokens = ApiToken.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=now), digest=Param("digest"), revoked_at=None, user__is_active=True
    )
    return tokens.values_list("id", "user_id", "scopes", "project_id", "used_at")


def _own() -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(user=Param("user"), revoked_at=None)


def _list(shape: PageShape) -> QuerySet[ApiToken, tuple[Any, ...]]:
    fields = [ApiToken._meta.get_field(key.column) for key in shape.order]
    return apply(_own(), shape, fields).values_list(*COLUMNS, *(key.column for key in shape.order))


def _count(_: tuple[()]) -> QuerySet[ApiToken, tuple[int]]:
    return _own().values_list("pk")


_LIVE = Compiled(_live)
_LIST = Compiled(_list, LIMITED)
_COUNT = Compiled(_count, COUNTED)
