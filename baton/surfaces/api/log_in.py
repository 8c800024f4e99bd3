"""Giving somebody who has shown who they are a session and its tokens."""

from __future__ import annotations

from ipaddress import ip_address

from msgspec import Struct
from rest_framework.request import Request

from baton.core.actor import Actor
from baton.core.commands.sessions import open_session
from baton.core.models import User
from baton.surfaces.wire.credentials import AUDIENCE, REFRESH_LIFETIME, token_pair


class TokensOut(Struct):
    """What a log-in gives: `access` goes with every request, `refresh` buys the next pair."""

    refresh: str
    access: str


def log_in(actor: Actor, user: User, request: Request) -> dict[str, str]:
    """Open a session that remembers what asked for it and from where; return its tokens."""
    session = open_session(
        actor, user, AUDIENCE, REFRESH_LIFETIME, user_agent=_user_agent(request), address=_address(request)
    )
    return token_pair(session, user)


def _user_agent(request: Request) -> str:
    agent: str = request.META.get("HTTP_USER_AGENT", "")
    return "".join(character for character in agent if character.isprintable())


def _address(request: Request) -> str | None:
    """Return the caller's address; behind a socket file there is none. A link's zone means nothing elsewhere."""
    try:
        return str(ip_address(request.META.get("REMOTE_ADDR", "").partition("%")[0]))
    except ValueError:
        return None
