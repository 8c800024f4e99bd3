"""The ASGI application of the live stream: what is live goes through here, what is not goes on to Django."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog

from baton.lib.wsgi_bridge import WSGIApplication
from baton.live.hub import Hub
from baton.surfaces.stream.http import answer_live
from baton.surfaces.stream.websocket import Connection
from baton.surfaces.wire.handshakes import Handshakes, Reply

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope, WebSocketScope

logger = structlog.get_logger(__name__)

STREAM = "/api/stream/"
EVENTS = "/api/events/"
_REFUSALS = "websocket.http.response"


class LiveStream:
    """Serves the live connections of a process, which share its hub."""

    def __init__(self, django: WSGIApplication, hub: Hub) -> None:
        self._hub = hub
        self._handshakes = Handshakes(django, hub.has_seat)

    def takes(self, scope: HTTPScope) -> bool:
        """Is this a request that may go on live?"""
        if scope["method"] != "GET":
            return False
        return scope["path"] == STREAM or (scope["path"] == EVENTS and b"wait=" in scope["query_string"])

    async def __call__(self, scope: HTTPScope | WebSocketScope, receive: Any, send: Any) -> None:
        """Serve one connection."""
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await answer_live(self._hub, self._handshakes, scope, receive, send)

    def close(self) -> None:
        """End the threads; the hub ends for itself."""
        self._handshakes.close()

    async def _socket(self, scope: WebSocketScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        await receive()
        reply = await self._handshakes.ask(scope)
        if reply.invitation is None:
            await _refuse(scope, reply, send)
            return
        # The server logs the address of what it accepts, and a ticket has no business in a log.
        scope["query_string"] = b""
        connection = (reply.invitation.speaks or Connection)(self._hub, reply.invitation, receive, send)
        async with self._hub.seat(reply.invitation.actor.person, connection.leave) as has_seat:
            await send({"type": "websocket.accept", "subprotocol": None, "headers": _accepted(reply)})
            if has_seat:
                await connection.run()
            else:
                await send({"type": "websocket.close", "code": 4429, "reason": "too_many_connections"})


def _accepted(reply: Reply) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in reply.headers if name == b"x-request-id"]


async def _refuse(scope: WebSocketScope, reply: Reply, send: ASGISendCallable) -> None:
    if _REFUSALS in (scope.get("extensions") or {}):
        await reply.send(send, over="websocket")
    else:
        # The client sees HTTP 403, and not why.
        await send({"type": "websocket.close", "code": 1008, "reason": None})
