"""Giving somebody who has shown who they are a session and its tokens."""

from __future__ import annotations

from msgspec import Struct
from rest_framework.request import Request

from baton.core.actor import Actor
from baton.core.commands.sessions import open_session
from baton.core.models import User
from baton.surfaces.wire.asking import address, user_agent
from baton.surfaces.wire.credentials import AUDIENCE, REFRESH_LIFETIME, token_pair


class TokensOut(Struct):
    """What a log-in gives: `access` goes with every request, `refresh` buys the next pair."""

    refresh: str
    access: str


def log_in(actor: Actor, user: User, request: Request) -> dict[str, str]:
    """Open a session that remembers what asked for it and from where; return its tokens."""
    session = open_session(
        actor, user, AUDIENCE, REFRESH_LIFETIME, user_agent=user_agent(request), address=address(request)
    )
    return token_pair(session, user)
