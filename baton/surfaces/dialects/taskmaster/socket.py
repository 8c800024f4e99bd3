"""The WebSocket `ws/tasks/`: what happens to the tasks of one's inbox, whatever surface it came by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpResponse
from msgspec.json import decode
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from baton.core.queries import shapes
from baton.core.queries.events import find_end
from baton.core.queries.inbox import find_heard_of
from baton.core.queries.live_credentials import session_of
from baton.surfaces.dialects.taskmaster.auth import authenticated
from baton.surfaces.dialects.taskmaster.errors import BAD_ACCESS, ERRORS, INVALID
from baton.surfaces.dialects.taskmaster.mapping import show_task
from baton.surfaces.dialects.taskmaster.tasks import inbox_of
from baton.surfaces.dialects.taskmaster.view import TaskmasterView
from baton.surfaces.wire.credentials import Authenticated
from baton.surfaces.wire.going_live import Invitation, find_door, go_live
from baton.surfaces.wire.live_feed import LiveFeed
from baton.surfaces.wire.refusals import Refused
from baton.surfaces.wire.tokens import CLOCK_SKEW

CREATE, UPDATE, DELETE = "task_create", "task_update", "task_delete"
ACTIONS: Mapping[str, str | None] = {
    "task.created": CREATE,
    "task.restored": CREATE,
    "task.trashed": DELETE,
    "task.left": DELETE,
    "task.purged": None,
    "task.watched": None,
    "task.unwatched": None,
    "comment.edited": None,
    "attachment.purged": None,
    "history.imported": None,
}
"""What an event about a task is here; every other one changed at least when the task was last updated."""


class RawToken(BaseAuthentication):
    """`authorization: <access token>` as the original had it, without a scheme; with `Bearer` too."""

    def authenticate(self, request: Request) -> Authenticated | None:
        """Return who holds the token; None where the header is absent. Raises AuthenticationFailed."""
        words = request.META.get("HTTP_AUTHORIZATION", "").split()
        if not words:
            return None
        if len(words) == 2 and words[0].lower() == "bearer":
            words = words[1:]
        if len(words) != 1:
            raise AuthenticationFailed(INVALID, BAD_ACCESS)
        return authenticated(words[0], request)

    def authenticate_header(self, request: Request) -> str | None:
        """Return the challenge of a 401."""
        return ERRORS.challenge


class Socket(TaskmasterView):
    """The handshake. Any page may ask: no browser sends this header by itself."""

    authentication_classes = (RawToken,)

    def get(self, request: Request) -> HttpResponse:
        """Let the connection go on as a WebSocket, from here on."""
        claims: Any = request.auth
        credential = session_of(self.actor, claims.exp + CLOCK_SKEW)
        door = find_door(request)
        if door is None:
            detail = "This is a WebSocket, and this server or request doesn't speak it."
            raise Refused(426, "upgrade_required", detail, Upgrade="websocket", Connection="Upgrade")
        # The place is fixed before the client knows that it may begin: nothing that it does then is missed.
        inbox = inbox_of(self.actor)
        feed = partial(LiveFeed, Messages(inbox).word)
        go_live(door, Invitation(self.actor, credential, find_end(), frozenset({inbox}), speaks=feed))
        return HttpResponse()


class Messages:
    """What one connection is told of the events of an inbox."""

    def __init__(self, inbox_id: int) -> None:
        self._inbox_id = inbox_id
        self._told: tuple[datetime, int] | None = None

    def word(self, event: shapes.Event) -> dict[str, Any] | None:
        """Return what to say of an event, None where there is nothing to say.

        The task is told of as it is now, one in the trash as it went there; of one that lies elsewhere by now no more
        is told than that it is gone. When several events tell of one change, the first has said it all.
        """
        if event.task is None:
            return None
        action, change = _action_of(event), (event.at, event.task)
        if action is None or (action == UPDATE and change == self._told):
            return None
        found = find_heard_of(self._inbox_id, event.task)
        if found is None:
            return None
        task, is_own = found
        if action == DELETE:
            return {"id": str(task.uuid), "action": DELETE}
        if not is_own:
            return None
        self._told = change
        return {**show_task(task), "action": action}


def _action_of(event: shapes.Event) -> str | None:
    if event.verb == "task.moved" and "project" in decode(event.changes):
        return CREATE
    return ACTIONS.get(event.verb, UPDATE)
