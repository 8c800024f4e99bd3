"""The WebSocket `/ws/stream/`: what the client says, and what it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import aclosing, suppress
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Any

import structlog
from django.db import DatabaseError, InterfaceError
from msgspec import UNSET

from baton.core.events.log import Cursor
from baton.core.queries.live_credentials import Credential, Kind, find_live
from baton.core.queries.live_log import find_unseen
from baton.live.hub import OUT_OF_REACH, Hub
from baton.live.subscription import Listener, Subscription
from baton.live.told import DEAD, LEAVING, SLOW, Dropped, Ended, Frame, Presence, Quiet, Ready, Resync, Told
from baton.surfaces.stream import messages
from baton.surfaces.stream.messages import Authenticate, Subscribe, encode
from baton.surfaces.stream.requests import POLICY, BadMessage, read_message
from baton.surfaces.wire.credentials import read_native
from baton.surfaces.wire.going_live import Invitation
from baton.surfaces.wire.tokens import CLOCK_SKEW, BadToken

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, ASGISendCallable

logger = structlog.get_logger(__name__)

QUIET_SECONDS = 25.0
SUBSCRIBES_WITHIN = 10.0
# Who was told to fetch anew gets the time for it.
FETCHES_WITHIN = 120.0
# How long a client may take nothing of what it is sent, and how long its close is waited for.
TAKES_WITHIN = 30.0
_CLOSES_WITHIN = 5.0
LARGEST_MESSAGE = 64 * 1024
MOST_MESSAGES, PER_SECONDS = 60, 60.0

GOING_AWAY, NO_BINARY, TOO_LARGE, BROKEN, TRY_LATER = 1001, 1003, 1009, 1011, 1013
UNAUTHENTICATED, TIMED_OUT = 4401, 4408
_CODES = {DEAD: UNAUTHENTICATED, SLOW: TRY_LATER, LEAVING: GOING_AWAY, OUT_OF_REACH: TRY_LATER}


class Gone(Exception):
    """The client has closed the connection, or takes nothing any more."""


class Closing(Exception):
    """The connection is to be closed with this code and reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def write_event(told: Told) -> str:
    """Return the message of an event."""
    return '{"type":"event",' + told.json[1:].decode()


class Connection:
    """One accepted WebSocket: a task that hears the client, and one that tells it of what happens."""

    def __init__(self, hub: Hub, invitation: Invitation, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        self._hub = hub
        self._actor = invitation.actor
        self._credential = invitation.credential
        self._receive = receive
        self._send = send
        self._loop = asyncio.get_running_loop()
        self._over: asyncio.Future[Closing | None] = self._loop.create_future()
        self._timer: asyncio.TimerHandle | None = None
        self._telling: asyncio.Task[None] | None = None
        self._subscription: Subscription | None = None
        self._allowance, self._allowed_at = float(MOST_MESSAGES), monotonic()

    async def run(self) -> None:
        """Serve it to its end."""
        self._await_subscription(SUBSCRIBES_WITHIN)
        hearing = asyncio.create_task(self._guarded(self._hear()))
        try:
            closing = await self._over
        finally:
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)
            await self._stop_telling()
            self._stop_waiting()
        if closing is not None:
            with suppress(TimeoutError, OSError):
                async with asyncio.timeout(_CLOSES_WITHIN):
                    await self._send({"type": "websocket.close", "code": closing.code, "reason": closing.reason})

    def leave(self) -> None:
        """The server is about to stop: a subscription says so for itself, with its cursor."""
        if self._subscription is None:
            self._finish(Closing(GOING_AWAY, LEAVING))

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it; whatever it raises ends the connection."""
        closing: Closing | None = None
        try:
            await work
        except Gone:
            closing = None
        except Closing as error:
            closing = error
        except (DatabaseError, InterfaceError) as error:
            logger.warning("stream.out_of_reach", error=str(error).strip())
            closing = Closing(TRY_LATER, OUT_OF_REACH)
        except Exception:
            logger.exception("stream.failed")
            closing = Closing(BROKEN, "internal_error")
        else:
            return
        self._finish(closing)

    def _finish(self, closing: Closing | None) -> None:
        if not self._over.done():
            self._over.set_result(closing)

    # Hearing.

    async def _hear(self) -> None:
        while True:
            message = await self._receive()
            if message["type"] != "websocket.receive":
                raise Gone
            self._count_message()
            text = message.get("text")
            if text is None:
                raise Closing(NO_BINARY, "text_only")
            if len(text) > LARGEST_MESSAGE:
                raise Closing(TOO_LARGE, "too_large")
            try:
                await self._take(text)
            except BadMessage as error:
                place = UNSET if error.place is None else error.place
                await self._transmit(messages.ErrorMessage(error.code, error.detail, place))
                if error.close:
                    raise Closing(error.close, error.code) from None

    async def _take(self, text: str) -> None:
        message = read_message(text)
        if isinstance(message, Subscribe):
            await self._subscribe(message)
        elif isinstance(message, Authenticate):
            await self._authenticate(message)

    def _count_message(self) -> None:
        """Raise Closing where more come than anybody needs: each may ask the database."""
        now = monotonic()
        refilled = self._allowance + (now - self._allowed_at) * MOST_MESSAGES / PER_SECONDS
        self._allowance, self._allowed_at = min(refilled, MOST_MESSAGES) - 1, now
        if self._allowance < 0:
            raise Closing(POLICY, "too_many_messages")

    async def _subscribe(self, asked: Subscribe) -> None:
        projects = None if asked.projects is None else frozenset(asked.projects)
        if asked.projects is not None:
            unseen = await self._hub.ask(find_unseen, self._actor, asked.projects)
            if unseen:
                place = next(index for index, project in enumerate(asked.projects) if project in unseen)
                detail = "There is no such project, or you may not see it."
                raise BadMessage(0, "not_found", detail, f"/projects/{place}")
        if asked.after is None:
            await self._require_live(self._credential)
        await self._stop_telling()
        self._stop_waiting()
        listener = Listener(self._actor, self._credential, projects, has_presence=True)
        after = None if asked.after is None else Cursor.parse(asked.after)
        self._telling = asyncio.create_task(self._guarded(self._tell(listener, after)))

    async def _authenticate(self, asked: Authenticate) -> None:
        try:
            claims = read_native(asked.token, "access")
        except BadToken:
            raise BadMessage(UNAUTHENTICATED, "authentication_failed", "The token is not valid.", "/token") from None
        if claims.user_id != self._actor.user_id:
            raise BadMessage(UNAUTHENTICATED, "authentication_failed", "The token is another user's.", "/token")
        ends_at = claims.exp + CLOCK_SKEW
        credential = Credential(Kind.SESSION, claims.sid, claims.user_id, claims.epoch, ends_at)
        await self._require_live(credential)
        # What this one opens must be no more than what the connection was opened for.
        self._credential = credential
        if self._subscription is not None:
            self._subscription.listener = replace(self._subscription.listener, credential=credential)
        await self._transmit(messages.AuthenticatedMessage(ends_at))

    async def _require_live(self, credential: Credential) -> None:
        if not await self._hub.ask(find_live, [credential]):
            raise Closing(UNAUTHENTICATED, DEAD)

    # Telling.

    async def _tell(self, listener: Listener, after: Cursor | None) -> None:
        async with self._hub.subscribe(listener, after) as subscription:
            self._subscription = subscription
            try:
                async with aclosing(subscription.frames(QUIET_SECONDS)) as frames:
                    async for frame in frames:
                        await self._say(frame)
            finally:
                self._subscription = None

    async def _say(self, frame: Frame) -> None:
        match frame:
            case Told():
                await self._transmit_text(frame.in_form(write_event))
            case Ready(cursor):
                await self._transmit(messages.ReadyMessage(str(cursor)))
            case Quiet(cursor):
                await self._transmit(messages.PingMessage(str(cursor)))
            case Dropped(project_id):
                await self._transmit(messages.DroppedMessage(project_id))
            case Presence(project_id, people):
                await self._transmit(messages.PresenceMessage(project_id, list(people)))
            case Resync(reason, cursor):
                await self._transmit(messages.ResyncMessage(reason, str(cursor)))
                self._await_subscription(FETCHES_WITHIN)
            case Ended(why, cursor):
                raise Closing(_CODES[why], f"{why} cursor={cursor}")

    async def _stop_telling(self) -> None:
        telling, self._telling = self._telling, None
        if telling is not None:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)

    async def _transmit(self, message: messages.FromServer) -> None:
        await self._transmit_text(encode(message).decode())

    async def _transmit_text(self, text: str) -> None:
        try:
            async with asyncio.timeout(TAKES_WITHIN):
                await self._send({"type": "websocket.send", "text": text, "bytes": None})
        except (TimeoutError, OSError):
            raise Gone from None

    # Waiting.

    def _await_subscription(self, seconds: float) -> None:
        self._stop_waiting()
        closing = Closing(TIMED_OUT, "no_subscription")
        self._timer = self._loop.call_later(seconds, self._finish, closing)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
