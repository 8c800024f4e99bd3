"""A WebSocket that only tells: what happens in some projects, as a surface words it, from its opening on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING

import structlog
from django.db import DatabaseError, InterfaceError
from msgspec.json import encode

from baton.core.queries import shapes
from baton.live.hub import OUT_OF_REACH, Hub
from baton.live.subscription import Listener
from baton.live.told import DEAD, LEAVING, SLOW, Ended, Told
from baton.surfaces.wire.going_live import Invitation

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, ASGISendCallable

logger = structlog.get_logger(__name__)

CLOSES: Mapping[str, int] = {DEAD: 4401, SLOW: 1013, OUT_OF_REACH: 1013, LEAVING: 1001}
BROKEN = 1011

# How long a client may take nothing of what it is sent, and how long its close is waited for.
TAKES_WITHIN = 30.0
CLOSES_WITHIN = 5.0
_QUIET_SECONDS = 3600.0

Word = Callable[[shapes.Event], object | None]
"""Makes the message of an event, None where there is nothing to say. It runs in a thread and may ask the database."""


class LiveFeed:
    """One accepted connection (`LiveConnection`): a task waits for the client to go, and another one tells.

    The client's own messages are passed over. Closes are those of the stream: 4401 when the credential ends, 1013 for
    a client that doesn't keep up, 1001 when the server stops.
    """

    def __init__(
        self,
        word: Word,
        hub: Hub,
        invitation: Invitation,
        receive: ASGIReceiveCallable,
        send: ASGISendCallable,
    ) -> None:
        self._word = word
        self._hub = hub
        self._invitation = invitation
        self._receive = receive
        self._send = send

    async def run(self) -> None:
        """Serve it to its end."""
        telling, hearing = asyncio.create_task(self._tell()), asyncio.create_task(self._hear())
        try:
            await asyncio.wait({telling, hearing}, return_when=asyncio.FIRST_COMPLETED)
            closing = telling.result() if telling.done() else None
        finally:
            for work in (telling, hearing):
                work.cancel()
            await asyncio.gather(telling, hearing, return_exceptions=True)
        if closing is not None:
            code, reason = closing
            with suppress(TimeoutError, OSError):
                async with asyncio.timeout(CLOSES_WITHIN):
                    await self._send({"type": "websocket.close", "code": code, "reason": reason})

    def leave(self) -> None:
        """Nothing to do: the subscription ends, and with it the connection."""

    async def _hear(self) -> None:
        while (await self._receive())["type"] != "websocket.disconnect":
            pass

    async def _tell(self) -> tuple[int, str] | None:
        """Tell what happens; return the code and reason to close with, None for a client that has gone."""
        try:
            return await self._tell_on()
        except (TimeoutError, OSError):
            return None
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
                if isinstance(frame, Told):
                    await self._say(frame.event)
                elif isinstance(frame, Ended):
                    return CLOSES[frame.why], frame.why
        return CLOSES[LEAVING], LEAVING

    async def _say(self, event: shapes.Event) -> None:
        message = await self._hub.ask(self._word, event)
        if message is not None:
            async with asyncio.timeout(TAKES_WITHIN):
                await self._send({"type": "websocket.send", "text": encode(message).decode(), "bytes": None})
