"""What a session remembers of whoever opened it."""

from __future__ import annotations

from ipaddress import ip_address

from django.http import HttpRequest
from rest_framework.request import Request


def user_agent(request: HttpRequest | Request) -> str:
    """Return what the caller says it is."""
    agent: str = request.META.get("HTTP_USER_AGENT", "")
    return "".join(character for character in agent if character.isprintable())


def address(request: HttpRequest | Request) -> str | None:
    """Return the caller's address; behind a socket file there is none. A link's zone means nothing elsewhere."""
    try:
        return str(ip_address(request.META.get("REMOTE_ADDR", "").partition("%")[0]))
    except ValueError:
        return None
