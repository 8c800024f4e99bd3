"""How a view hands its connection over to the live stream.

A live connection begins as a request to Django like every other: hosts, proxies, credentials, limits and refusals are
those of all requests. The ASGI side leaves a `Door` in the environment of such a request. A view that would go on live
puts an `Invitation` into it, and its answer becomes the beginning of the connection. Without a door, under a WSGI
server, the view answers what can be answered at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from django.http import HttpRequest
from rest_framework.request import Request

from baton.core.actor import Actor
from baton.core.events.log import Cursor
from baton.core.models import User
from baton.core.queries.live_credentials import Credential, Kind, session_of
from baton.surfaces.wire.refusals import Refused
from baton.surfaces.wire.tokens import CLOCK_SKEW, Claims

DOOR = "baton.door"
_RETRY_AFTER = "10"


class LiveConnection(Protocol):
    """What goes over an accepted WebSocket."""

    async def run(self) -> None:
        """Serve it to its end, its close included."""

    def leave(self) -> None:
        """The server is about to stop, and has said so to every subscription."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who goes on live, from where (None: from now), about which projects (None: all), and for how long at most.

    `speaks` is made with the hub, the invitation and both ends of a WebSocket whose language is not the stream's own.
    """

    actor: Actor
    credential: Credential
    after: Cursor | None = None
    projects: frozenset[int] | None = None
    seconds: float | None = None
    speaks: Callable[..., LiveConnection] | None = None


class Door:
    """The way from a request to a live connection; `has_seat` says whether a user may have one more."""

    def __init__(self, has_seat: Callable[[int], bool]) -> None:
        self.has_seat = has_seat
        self.invitation: Invitation | None = None


def find_door(request: HttpRequest | Request) -> Door | None:
    """Return the door of the request, if it may go on live."""
    door = request.META.get(DOOR)
    return door if isinstance(door, Door) else None


def go_live(door: Door, invitation: Invitation) -> None:
    """Hand the connection over. Raises Refused (429) where its user has too many."""
    if not door.has_seat(invitation.actor.person):
        raise Refused(
            429, "too_many_connections", "You have too many live connections to this server.", Retry_After=_RETRY_AFTER
        )
    door.invitation = invitation


def credential_of(request: Request, actor: Actor) -> Credential:
    """Return what the actor of this request came with."""
    auth = request.auth
    if isinstance(auth, Credential):
        return auth
    if isinstance(auth, Claims):
        return session_of(actor, auth.exp + CLOCK_SKEW)
    if actor.token_id is not None:
        return Credential(Kind.API_TOKEN, actor.token_id, actor.person)
    if not isinstance(auth, User):
        raise TypeError("this way of logging in can't be followed live")
    key = str(request._request.session.session_key)
    return Credential(Kind.BROWSER, key, actor.person, auth.get_session_auth_hash())


def is_browser(credential: Credential) -> bool:
    """Did it come by itself, as cookies do, whatever page asked?"""
    return credential.kind is Kind.BROWSER
