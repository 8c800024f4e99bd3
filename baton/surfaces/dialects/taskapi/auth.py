"""`Authorization: Bearer <JWT>`: tokens that never run out, but end with the user's epoch (a new password).

Those that the original signed are as good, for those whom an import has brought from there.
"""

from __future__ import annotations

import jwt
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from baton.core.actor import Actor
from baton.core.commands.sessions import require_may_log_in
from baton.core.models import User
from baton.core.queries.dialect_tokens import find_live_signed_token
from baton.surfaces.dialects.taskapi.errors import OVER
from baton.surfaces.dialects.taskapi.old_tokens import read_old_token
from baton.surfaces.wire.credentials import Authenticated
from baton.surfaces.wire.request_ids import request_id_of
from baton.surfaces.wire.tokens import ISSUER, BadToken, Signed, read, sign

NAME = "taskapi"
_BAD = "Invalid authorization token, {}"


class Claims(Signed, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a token says: the original's `username` and `scopes`, and whose it is and in which epoch it was made."""

    username: str
    scopes: list[str]
    user_id: int
    epoch: int


def token_of(user: User) -> str:
    """Return the token of a user who has shown who they are, the same every time.

    Raises Denied where addresses have to be verified and this user's is not.
    """
    require_may_log_in(user)
    claims = Claims(
        username=user.username,
        scopes=[f"username:{user.username}"],
        user_id=user.pk,
        epoch=user.token_epoch,
        aud=NAME,
        iss=ISSUER,
    )
    return sign(claims)


def nobody(request: Request) -> Actor:
    """Return the actor of somebody who has not shown yet who they are: it tells only the way in."""
    return Actor(None, surface=NAME, request_id=request_id_of(request))


class LastingBearer(BaseAuthentication):
    """Reads the header as aiohttp_jwt did, whose sentences clients know."""

    def authenticate(self, request: Request) -> Authenticated | None:
        """Return who holds the token; None without a header or under another scheme.

        Raises PermissionDenied for a header of another form, AuthenticationFailed for a bad token.
        """
        header = request.META.get("HTTP_AUTHORIZATION")
        if header is None:
            return None
        words = header.strip().split(" ")
        if len(words) != 2:
            raise PermissionDenied("Invalid authorization header")
        scheme, token = words
        if not scheme.startswith("Bearer"):
            return None
        return _holder(token, request), None

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge of a 401."""
        return "Bearer"


def _holder(token: str, request: Request) -> Actor:
    """Return who holds a token, one of ours or of the original's. Raises AuthenticationFailed."""
    try:
        claims = read(token, Claims, NAME)
    except BadToken as error:
        old = read_old_token(token)
        if old is None:
            raise AuthenticationFailed(_BAD.format(_reason(error))) from None
    else:
        return Actor(claims.user_id, epoch=claims.epoch, surface=NAME, request_id=request_id_of(request))
    found = find_live_signed_token(old.username, NAME)
    if found is None:
        raise AuthenticationFailed(_BAD.format(OVER))
    return Actor(found.user_id, epoch=found.epoch, surface=NAME, request_id=request_id_of(request), is_live=True)


def _reason(error: BadToken) -> str:
    """Return what PyJWT says; a token that is well made but none of ours is for another audience."""
    return str(error.__cause__) if isinstance(error.__cause__, jwt.PyJWTError) else "Invalid audience"
