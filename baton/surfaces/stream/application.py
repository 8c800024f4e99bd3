"""The ASGI application of the stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope

# HTTP paths answered here instead of by Django.
HTTP_PATHS: frozenset[str] = frozenset()


async def application(_scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Refuse a WebSocket before it is accepted, which the client sees as HTTP 403."""
    await receive()
    await send({"type": "websocket.close", "code": 1000, "reason": None})
