"""Bearer tokens with the claims and the lifetimes of the original."""

from __future__ import annotations

from datetime import timedelta
from time import time
from typing import Literal
from uuid import uuid4

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from baton.core.actor import Actor
from baton.core.commands.sessions import open_session
from baton.core.models import Session, User
from baton.surfaces.dialects.taskmaster.errors import BAD_ACCESS, BAD_HEADER, ERRORS, INVALID, TWO_WORDS, WRONG_TYPE
from baton.surfaces.wire.asking import address, user_agent
from baton.surfaces.wire.credentials import Authenticated
from baton.surfaces.wire.request_ids import request_id_of
from baton.surfaces.wire.tokens import ISSUER, BadToken, Passing, read, sign

AUDIENCE = "taskmaster"
ACCESS_LIFETIME = timedelta(days=7)
REFRESH_LIFETIME = timedelta(days=14)

Kind = Literal["access", "refresh"]


class TaskmasterClaims(Passing, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a token says: the original's claims, of which clients may read `user_id` (the UUID), and ours."""

    token_type: Kind
    jti: str
    user_id: str
    uid: int
    sid: int
    epoch: int


class WrongType(BadToken):
    """A refresh token where an access token belongs, or the other way round."""


class BearerToken(BaseAuthentication):
    """`Authorization: Bearer <access token>`."""

    def authenticate(self, request: Request) -> Authenticated | None:
        """Return who holds the token; None under another scheme. Raises AuthenticationFailed."""
        words = request.META.get("HTTP_AUTHORIZATION", "").split()
        if not words or words[0].lower() != "bearer":
            return None
        if len(words) != 2:
            raise AuthenticationFailed(TWO_WORDS, BAD_HEADER)
        return authenticated(words[1], request)

    def authenticate_header(self, request: Request) -> str | None:
        """Return the challenge of a 401."""
        return ERRORS.challenge


def authenticated(token: str, request: Request) -> tuple[Actor, TaskmasterClaims]:
    """Return who holds an access token, and what it says. Raises AuthenticationFailed."""
    try:
        claims = read_token(token, "access")
    except BadToken as error:
        raise AuthenticationFailed(sentence_of(error), BAD_ACCESS) from None
    return actor_of(claims, request_id_of(request)), claims


def read_token(token: str, kind: Kind | None = None) -> TaskmasterClaims:
    """Return what a token of this kind, or of either, says. Raises BadToken. Whether it is alive is looked up later."""
    claims = read(token, TaskmasterClaims, AUDIENCE)
    if kind is not None and claims.token_type != kind:
        raise WrongType
    return claims


def sentence_of(error: BadToken) -> str:
    """Return what the original said of such a token."""
    return WRONG_TYPE if isinstance(error, WrongType) else INVALID


def actor_of(claims: TaskmasterClaims, request_id: str) -> Actor:
    """Return the actor a token stands for."""
    return Actor(claims.uid, claims.sid, claims.epoch, surface=AUDIENCE, request_id=request_id)


def nobody(request: Request) -> Actor:
    """Return the actor of somebody who has not shown yet who they are: it tells only the way in."""
    return Actor(None, surface=AUDIENCE, request_id=request_id_of(request))


def log_in(user: User, request: Request) -> dict[str, str]:
    """Open a session for a user who has shown who they are; return its tokens. Raises Denied."""
    session = open_session(
        nobody(request), user, AUDIENCE, REFRESH_LIFETIME, user_agent=user_agent(request), address=address(request)
    )
    return token_pair(session, user)


def token_pair(session: Session, user: User) -> dict[str, str]:
    """Return a new access and a new refresh token of a session, for the wire."""
    return {
        "access": _token(session, user, "access", ACCESS_LIFETIME),
        "refresh": _token(session, user, "refresh", REFRESH_LIFETIME),
    }


def _token(session: Session, user: User, kind: Kind, lifetime: timedelta) -> str:
    now = int(time())
    return sign(
        TaskmasterClaims(
            token_type=kind,
            exp=now + int(lifetime.total_seconds()),
            iat=now,
            jti=uuid4().hex,
            user_id=str(user.uuid),
            uid=user.pk,
            sid=session.pk,
            epoch=user.token_epoch,
            aud=AUDIENCE,
            iss=ISSUER,
        )
    )
