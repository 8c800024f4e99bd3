"""The WebSocket `ws/tasks/`: what happens to the tasks of one's inbox, whatever surface it came by."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import aclosing, suppress
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from django.db import DatabaseError, InterfaceError
from django.http import HttpResponse
from msgspec.json import decode, encode
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from baton.core.queries.events import find_end
from baton.core.queries.inbox import find_heard_of
from baton.core.queries.live_credentials import session_of
from baton.live.hub import OUT_OF_REACH, Hub
from baton.live.subscription import Listener
from baton.live.told import DEAD, LEAVING, SLOW, Ended, Told
from baton.surfaces.dialects.taskmaster.auth import authenticated
from baton.surfaces.dialects.taskmaster.errors import BAD_ACCESS, ERRORS, INVALID
from baton.surfaces.dialects.taskmaster.mapping import show_task
from baton.surfaces.dialects.taskmaster.tasks import inbox_of
from baton.surfaces.dialects.taskmaster.view import TaskmasterView
from baton.surfaces.wire.credentials import Authenticated
from baton.surfaces.wire.going_live import Invitation, find_door, go_live
from baton.surfaces.wire.refusals import Refused
from baton.surfaces.wire.tokens import CLOCK_SKEW

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, ASGISendCallable

logger = structlog.get_logger(__name__)

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

CLOSES: Mapping[str, int] = {DEAD: 4401, SLOW: 1013, OUT_OF_REACH: 1013, LEAVING: 1001}
BROKEN = 1011

# How long a client may take nothing of what it is sent, and how long its close is waited for.
TAKES_WITHIN = 30.0
CLOSES_WITHIN = 5.0
_QUIET_SECONDS = 3600.0


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
        feed = partial(TaskFeed, inbox)
        go_live(door, Invitation(self.actor, credential, find_end(), frozenset({inbox}), speaks=feed))
        return HttpResponse()


class TaskFeed:
    """One accepted connection: a task that waits for the client to go, and one that tells it of what happens."""

    def __init__(
        self,
        inbox_id: int,
        hub: Hub,
        invitation: Invitation,
        receive: ASGIReceiveCallable,
        send: ASGISendCallable,
    ) -> None:
        self._inbox_id = inbox_id
        self._hub = hub
        self._invitation = invitation
        self._receive = receive
        self._send = send
        self._told: tuple[datetime, int] | None = None

    async def run(self) -> None:
        """Serve it to its end."""
        telling, hearing = asyncio.create_task(self._tell()), asyncio.create_task(self._hear())
        try:
            await asyncio.wait({telling, hearing}, return_when=asyncio.FIRST_COMPLETED)
            code, reason = telling.result() if telling.done() else (None, None)
        finally:
            for work in (telling, hearing):
                work.cancel()
            await asyncio.gather(telling, hearing, return_exceptions=True)
        if code is not None:
            with suppress(TimeoutError, OSError):
                async with asyncio.timeout(CLOSES_WITHIN):
                    await self._send({"type": "websocket.close", "code": code, "reason": reason})

    def leave(self) -> None:
        """Nothing to do: the subscription ends, and with it the connection."""

    async def _hear(self) -> None:
        """Return when the client has gone. Whatever it says is ignored, as by the original."""
        while (await self._receive())["type"] != "websocket.disconnect":
            pass

    async def _tell(self) -> tuple[int | None, str | None]:
        """Tell what happens; return the code and reason to close with, None for a client that has gone."""
        try:
            return await self._tell_on()
        except (TimeoutError, OSError):
            return None, None
        except (DatabaseError, InterfaceError) as error:
            logger.warning("stream.out_of_reach", error=str(error).strip())
            return CLOSES[OUT_OF_REACH], OUT_OF_REACH
        except Exception:
            logger.exception("stream.failed")
            return BROKEN, "internal_error"

    async def _tell_on(self) -> tuple[int, str]:
        invited = self._invitation
        listener = Listener(invited.actor, invited.credential, invited.projects)
        async with (
            self._hub.subscribe(listener, invited.after) as subscription,
            aclosing(subscription.frames(_QUIET_SECONDS)) as frames,
        ):
            async for frame in frames:
                if isinstance(frame, Told) and frame.event.task is not None:
                    await self._say(frame, frame.event.task)
                elif isinstance(frame, Ended):
                    return CLOSES[frame.why], frame.why
        return CLOSES[LEAVING], LEAVING

    async def _say(self, told: Told, task_id: int) -> None:
        message = await self._hub.ask(self._message, told, task_id)
        if message is not None:
            async with asyncio.timeout(TAKES_WITHIN):
                await self._send({"type": "websocket.send", "text": encode(message).decode(), "bytes": None})

    def _message(self, told: Told, task_id: int) -> dict[str, Any] | None:
        """Return what to say of an event, None where there is nothing to say.

        The task is told of as it is now, one in the trash as it went there; of one that lies elsewhere by now no more
        is told than that it is gone. When several events tell of one change, the first has said it all.
        """
        action = _action_of(told)
        change = (told.event.at, task_id)
        if action is None or (action == UPDATE and change == self._told):
            return None
        found = find_heard_of(self._inbox_id, task_id)
        if found is None:
            return None
        task, is_own = found
        if action == DELETE:
            return {"id": str(task.uuid), "action": DELETE}
        if not is_own:
            return None
        self._told = change
        return {**show_task(task), "action": action}


def _action_of(told: Told) -> str | None:
    if told.event.verb == "task.moved" and "project" in decode(told.event.changes):
        return CREATE
    return ACTIONS.get(told.event.verb, UPDATE)
