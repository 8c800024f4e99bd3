"""A web server that does what a test tells it, and keeps what it was sent."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

Reply = tuple[int, dict[str, str], bytes]
OK: Reply = (204, {}, b"")


@dataclass
class Sent:
    """One request that came in."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """What came in, in order; `reply` says what is answered to it."""

    port: int = 0
    host: str = "127.0.0.1"
    reply: Callable[[Sent], Reply] = lambda _sent: OK
    sent: list[Sent] = field(default_factory=list)
    most_at_once: int = 0
    _at_once: int = 0
    _lock: Lock = field(default_factory=Lock)

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}/hook"

    def take(self, sent: Sent) -> Reply:
        with self._lock:
            self.sent.append(sent)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            return self.reply(sent)
        finally:
            with self._lock:
                self._at_once -= 1


@contextmanager
def receiving(reply: Callable[[Sent], Reply] | None = None, *, port: int = 0) -> Iterator[Receiver]:
    """Run a receiver on loopback."""
    receiver = Receiver()
    if reply is not None:
        receiver.reply = reply

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, given, answer = receiver.take(Sent(self.path, headers, body))
            self.send_response(status)
            for name, value in given.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        allow_reuse_address = True
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass  # a client that has hung up is no fault of the test's

    with Server(("127.0.0.1", port), Handler) as server:
        receiver.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def speaking(speak: Callable[[socket.socket], None]) -> Iterator[int]:
    """Run a bare socket whose every connection is handed to `speak`, in a thread; give its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.05)
        is_over = False

        def serve() -> None:
            while not is_over:
                try:
                    connected, _ = listening.accept()
                except TimeoutError:
                    continue
                Thread(target=_speak, args=(connected, speak), daemon=True).start()

        thread = Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            is_over = True
            thread.join()


def _speak(connected: socket.socket, speak: Callable[[socket.socket], None]) -> None:
    with connected, suppress(OSError):  # the client has hung up
        speak(connected)
