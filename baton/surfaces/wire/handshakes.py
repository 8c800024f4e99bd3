"""Asking Django about a connection that may go on live (`going_live`), from the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from baton.lib.wsgi_bridge import WSGIApplication
from baton.lib.wsgi_environ import Environ, build_environ
from baton.surfaces.wire.going_live import DOOR, Door, Invitation

if TYPE_CHECKING:
    from asgiref.typing import ASGISendCallable, HTTPScope, WebSocketScope

Headers = list[tuple[bytes, bytes]]
_THREADS = 4
_SCHEMES = {"ws": "http", "wss": "https"}


@dataclass(frozen=True, slots=True)
class Reply:
    """What Django said; with an invitation its headers begin a live connection, and its body is nothing."""

    status: int
    headers: Headers
    body: bytes
    invitation: Invitation | None

    async def send(self, send: ASGISendCallable, *, over: str = "http") -> None:
        """Send it as the answer, `over` http or as the refusal of a websocket."""
        prefix: Any = "http.response" if over == "http" else "websocket.http.response"
        start: Any = {"type": f"{prefix}.start", "status": self.status, "headers": self.headers, "trailers": False}
        body: Any = {"type": f"{prefix}.body", "body": self.body, "more_body": False}
        await send(start)
        await send(body)


class Handshakes:
    """Runs the beginnings of live connections through the WSGI application, in a few threads of their own."""

    def __init__(self, django: WSGIApplication, has_seat: Callable[[int], bool]) -> None:
        self._django = django
        self._has_seat = has_seat
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="handshake")

    async def ask(self, scope: HTTPScope | WebSocketScope, *, may_go_live: bool = True) -> Reply:
        """Return Django's answer to this GET. Without leave to go live it is what can be answered at once."""
        environ = _environ(scope)
        door = Door(self._has_seat) if may_go_live else None
        if door is not None:
            environ[DOOR] = door
        loop = asyncio.get_running_loop()
        status, headers, body = await loop.run_in_executor(self._threads, Context().run, _run, self._django, environ)
        return Reply(status, headers, body, door.invitation if door is not None and status < 400 else None)

    def close(self) -> None:
        """End the threads, after what they are at."""
        self._threads.shutdown()


def _environ(scope: HTTPScope | WebSocketScope) -> Environ:
    scheme = scope.get("scheme", "http")
    asked: Any = {**scope, "method": "GET", "scheme": _SCHEMES.get(scheme, scheme)}
    environ = build_environ(asked)
    # A GET says nothing more than its head does.
    environ["wsgi.input"] = BytesIO()
    environ.pop("CONTENT_LENGTH", None)
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    return environ


def _run(django: WSGIApplication, environ: Environ) -> tuple[int, Headers, bytes]:
    began: list[tuple[int, Headers]] = []

    def start(status: str, headers: list[tuple[str, str]], _exc_info: object = None) -> None:
        lines = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        began.append((int(status[:3]), lines))

    chunks = django(environ, start)
    try:
        body = b"".join(chunks)
    finally:
        if close := getattr(chunks, "close", None):
            close()
    return (*began[-1], body)
