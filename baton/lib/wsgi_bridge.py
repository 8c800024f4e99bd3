"""An ASGI application that runs a WSGI one in threads.

What it does that ready-made bridges don't: a request's body is read before the request gets a thread, and a file is
sent after it has given its thread back, so slow senders and slow readers hold none; and an answer that fits in memory
crosses from its thread to the event loop once, which halves the cost of a small request.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any

from baton.lib.spooled_body import SpooledBody
from baton.lib.wsgi_environ import Environ, build_environ

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope

WSGIApplication = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

# An answer up to this size is handed over in one piece; a longer one is streamed as its reader takes it.
_ONE_PIECE = 256 * 1024
# How much time a body may take altogether: this long, and more for what has arrived at this many bytes a second.
_WHOLE_BODY_SECONDS = 60
_SLOWEST = 10_000


class WSGIBridge:
    """Serves HTTP through the WSGI application `application`, `threads` requests at a time.

    A body longer than `max_body` bytes is not read, only announced: the application sees its Content-Length and
    refuses it. A sender who pauses for more than `patience` seconds inside a body, or trickles it, is answered 408.
    `spool` names the folder for bodies that don't stay in memory (else the system's); where it is full, the
    application meets the error when it reads.
    """

    def __init__(
        self,
        application: WSGIApplication,
        *,
        threads: int,
        max_body: int,
        patience: float = 20,
        spool: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._application = application
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._max_body = max_body
        self._patience = patience
        self._spool = spool

    async def __call__(self, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Answer one request."""
        environ = build_environ(scope)
        environ["wsgi.file_wrapper"] = FileToSend
        try:
            if not await self._read_body(environ, receive):
                return
        except TimeoutError:
            await _answer_plainly(send, 408)
            return
        loop = asyncio.get_running_loop()
        answer = _Answer(loop, send)
        try:
            # An empty context for each request, so that nothing bound by one is seen by the next on the same thread.
            await loop.run_in_executor(self._executor, Context().run, answer.produce, self._application, environ)
        finally:
            environ["wsgi.input"].close()
        await answer.deliver()

    def close(self) -> None:
        """Wait for the requests in work and end the threads."""
        self._executor.shutdown()

    async def _read_body(self, environ: Environ, receive: ASGIReceiveCallable) -> bool:
        """Put the body into the environ; return whether the client stayed until its end. Raises TimeoutError."""
        announced = environ.get("CONTENT_LENGTH", "")
        if not announced and "HTTP_TRANSFER_ENCODING" not in environ:
            environ["wsgi.input"] = BytesIO()
            return True
        if announced.isdecimal() and int(announced) > self._max_body:
            environ["wsgi.input"] = BytesIO()
            return True
        body = SpooledBody(self._spool())
        try:
            await self._copy_body(receive, body)
        except (TimeoutError, _ClientLeft) as left:
            body.close()
            if isinstance(left, TimeoutError):
                raise
            return False
        environ["wsgi.input"] = body.rewound()
        environ["CONTENT_LENGTH"] = str(body.size)
        # WSGI knows no body without an announced length.
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        return True

    async def _copy_body(self, receive: ASGIReceiveCallable, body: SpooledBody) -> None:
        """Copy what the client sends, to its end or to some length above the limit. Raises TimeoutError."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(None) as deadline:
            started = loop.time()
            while True:
                latest = started + _WHOLE_BODY_SECONDS + body.size / _SLOWEST
                deadline.reschedule(min(loop.time() + self._patience, latest))
                message = await receive()
                if message["type"] != "http.request":
                    raise _ClientLeft
                body.write(message.get("body", b""))
                if not message.get("more_body") or body.size > self._max_body:
                    return


class _ClientLeft(Exception):
    """The client closed the connection inside its request."""


class _Answer:
    """What the WSGI application gives back, made in a thread and sent from the event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, send: ASGISendCallable) -> None:
        self._loop = loop
        self._send = send
        self._status = 500
        self._headers: list[tuple[bytes, bytes]] = []
        self._chunks: list[bytes] = []
        self._file: FileToSend | None = None
        self._is_streaming = False

    def produce(self, application: WSGIApplication, environ: Environ) -> None:
        """Run the application to its end; in a thread."""
        chunks = application(environ, self._start)
        if isinstance(chunks, FileToSend):
            self._file = chunks
            return
        try:
            waiting = 0
            for chunk in chunks:
                self._chunks.append(chunk)
                waiting += len(chunk)
                if waiting > _ONE_PIECE:
                    self._flush()
                    waiting = 0
        finally:
            if close := getattr(chunks, "close", None):
                close()

    async def deliver(self) -> None:
        """Send what has not been sent yet; on the event loop."""
        if self._file is not None:
            try:
                await self._send_file(self._file)
            finally:
                await asyncio.to_thread(self._file.close)
        await self._send_pending(more=False)

    async def _send_file(self, file: FileToSend) -> None:
        while chunk := await asyncio.to_thread(file.read):
            self._chunks.append(chunk)
            await self._send_pending(more=True)

    def _start(self, status: str, headers: list[tuple[str, str]], _exc_info: object = None) -> None:
        self._status = int(status[:3])
        self._headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]

    def _flush(self) -> None:
        # Waits until the loop has taken it: a slow reader slows this thread instead of filling memory.
        asyncio.run_coroutine_threadsafe(self._send_pending(more=True), self._loop).result()

    async def _send_pending(self, *, more: bool) -> None:
        if not self._is_streaming:
            self._is_streaming = True
            await self._send(
                {"type": "http.response.start", "status": self._status, "headers": self._headers, "trailers": False}
            )
        body = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        self._chunks.clear()
        await self._send({"type": "http.response.body", "body": body, "more_body": more})


class FileToSend:
    """A file that is the answer (PEP 3333's file wrapper)."""

    def __init__(self, file: IO[bytes], block_size: int = 64 * 1024) -> None:
        self._file = file
        self._block_size = max(block_size, 64 * 1024)

    def read(self) -> bytes:
        """Return the next piece, empty at the end."""
        return self._file.read(self._block_size)

    def close(self) -> None:
        """Close the file, and with it Django's response, which frees the database connection."""
        self._file.close()

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.read, b"")


async def _answer_plainly(send: ASGISendCallable, status: int) -> None:
    headers = [(b"content-length", b"0"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers, "trailers": False})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
