"""Giving somebody who has shown who they are a session and its tokens."""

from __future__ import annotations

from msgspec import Struct
from rest_framework.request import Request

from baton.core.actor import Actor
from baton.core.models import User
from baton.surfaces.wire.credentials import AUDIENCE, REFRESH_LIFETIME, token_pair
from baton.surfaces.wire.opening import open_session_for


class TokensOut(Struct):
    """What a log-in gives: `access` goes with every request, `refresh` buys the next pair."""

    refresh: str
    access: str


def log_in(actor: Actor, user: User, request: Request) -> dict[str, str]:
    """Open a session; return its tokens."""
    return token_pair(open_session_for(actor, user, AUDIENCE, REFRESH_LIFETIME, request), user)
