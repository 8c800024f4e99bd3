"""The tokens that the original signed with its `JWT_SECRET`, for those whom an import has brought from there."""

from __future__ import annotations

from typing import Any

import jwt
import msgspec
from django.conf import settings
from jwt.algorithms import HMACAlgorithm

ALGORITHM = "HS256"


class OldClaims(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that an old token says."""

    username: str
    scopes: list[str]


class _OldKey(HMACAlgorithm):
    """HMAC with whatever secret the original had; it is too late to ask for a longer one."""

    def check_key_length(self, key: Any) -> None:
        """Say nothing."""


_VERIFIER = jwt.PyJWS(algorithms=[])
_VERIFIER.register_algorithm(ALGORITHM, _OldKey(HMACAlgorithm.SHA256))


def read_old_token(token: str) -> OldClaims | None:
    """Return what a token says whose algorithm, signature and claims are the original's (RFC 8725), else None.

    Whether it is anybody's here, and still good, the caller looks up.
    """
    secret: str = settings.BATON_TASKAPI_OLD_SECRET
    if not secret:
        return None
    try:
        claims = msgspec.json.decode(_VERIFIER.decode(token, secret, [ALGORITHM]), type=OldClaims)
    except (jwt.PyJWTError, msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return claims if claims.scopes == [f"username:{claims.username}"] else None
