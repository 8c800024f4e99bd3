"""JSON Web Tokens (RFC 7519, with the precautions of RFC 8725): signing and checking, for every surface that has them.

Each kind of token has its own audience and its own claims, and one audience's token is refused by every other.
"""

from __future__ import annotations

from functools import lru_cache
from time import time
from typing import Any, Literal, TypeVar

import jwt
import msgspec
from django.conf import settings
from django.utils.crypto import salted_hmac

ALGORITHM = "HS256"
ISSUER = "baton"
CLOCK_SKEW = 60
"""Seconds by which the clocks of two hosts may differ."""

LONGEST = 366 * 24 * 3600
"""Seconds that a token may be good for; one that claims more was not made here."""

Kind = Literal["access", "refresh"]


class BadToken(Exception):
    """The token is forged, malformed, of another kind, or has run out."""


class Signed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every token says: for whom it is, and who made it. A subclass adds what one kind of token says."""

    aud: str
    iss: str

    def check(self, now: float) -> None:
        """Raise BadToken where the token is not good at this time."""


class Passing(Signed, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a token says that runs out."""

    iat: int
    exp: int

    def check(self, now: float) -> None:
        """Raise BadToken before its time, behind it, and where that would be longer than any of ours."""
        if not (self.iat - CLOCK_SKEW <= now < self.exp + CLOCK_SKEW and self.exp - self.iat <= LONGEST):
            raise BadToken


class Claims(Passing, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a native token says.

    `sid` is its `Session`, `epoch` the user's token epoch, `jti` the use of a refresh token.
    """

    sub: str
    user_id: int
    sid: int
    epoch: int
    typ: Kind
    jti: str


Says = TypeVar("Says", bound=Signed)


def sign(claims: Signed) -> str:
    """Return the token that says this."""
    return jwt.encode(msgspec.to_builtins(claims), _key(), ALGORITHM)


def read(token: str, shape: type[Says], audience: str) -> Says:
    """Return what a token of this shape says, once everything about it has been checked. Raises BadToken.

    What kind of token of its audience it is, the caller looks at.
    """
    claims: Says = _verified(token, shape)
    if (claims.aud, claims.iss) != (audience, ISSUER):
        raise BadToken
    claims.check(time())
    return claims


@lru_cache(maxsize=2048)
def _verified(token: str, shape: type[Any]) -> Any:
    """Return the claims of a token whose signature is good; that never changes, so it is computed once per token."""
    try:
        # Claims are checked in `read`: strictly typed, and the times at every use.
        unchecked = {"verify_exp": False, "verify_iat": False, "verify_aud": False, "verify_iss": False}
        claims = jwt.decode(token, _key(), algorithms=[ALGORITHM], options=unchecked)  # type: ignore[arg-type]
        return msgspec.convert(claims, shape)
    except (jwt.PyJWTError, msgspec.ValidationError, ValueError, RecursionError) as error:
        raise BadToken from error


@lru_cache(maxsize=1)
def _key() -> bytes:
    """Return the signing key, which signs nothing but these tokens."""
    return salted_hmac("baton.surfaces.wire.tokens", "jwt", secret=settings.SECRET_KEY, algorithm="sha256").digest()
