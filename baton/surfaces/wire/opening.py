"""Opening a session for a request."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_address

from rest_framework.request import Request

from baton.core.actor import Actor
from baton.core.commands.sessions import open_session
from baton.core.models import Session, User


def open_session_for(actor: Actor, user: User, audience: str, lifetime: timedelta, request: Request) -> Session:
    """Open a session that remembers what asked for it and from where. Raises Denied (see `open_session`)."""
    return open_session(actor, user, audience, lifetime, user_agent=_user_agent(request), address=_address(request))


def _user_agent(request: Request) -> str:
    agent: str = request.META.get("HTTP_USER_AGENT", "")
    return "".join(character for character in agent if character.isprintable())


def _address(request: Request) -> str | None:
    """Return the caller's address; behind a socket file there is none. A link's zone means nothing elsewhere."""
    try:
        return str(ip_address(request.META.get("REMOTE_ADDR", "").partition("%")[0]))
    except ValueError:
        return None
