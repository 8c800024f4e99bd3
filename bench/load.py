"""The load: a few connections, each asking again as soon as it is answered.

One process, one loop, plain sockets: a client that does little leaves the core it runs on to the database.
"""

from __future__ import annotations

import re
import selectors
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass

HEADERS_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_PATIENCE = 20.0


class BadAnswer(Exception):
    """A request was not answered as it should be; the message holds the answer's beginning."""


@dataclass(frozen=True, slots=True)
class Load:
    """How many requests were answered in how many seconds."""

    answered: int
    seconds: float


def put_load(port: int, requests: Iterator[bytes], status: int, *, clients: int, seconds: float) -> Load:
    """Ask for `seconds` over `clients` kept connections. Raises BadAnswer at any answer that is not `status`."""
    expected = b"HTTP/1.1 %d" % status
    with selectors.DefaultSelector() as selector:
        try:
            for _ in range(clients):
                connection = _Connection(port, expected)
                selector.register(connection.socket, selectors.EVENT_READ, connection)
                connection.ask(next(requests))
            return _run(selector, requests, seconds)
        finally:
            for key in list(selector.get_map().values()):
                key.data.socket.close()


def _run(selector: selectors.BaseSelector, requests: Iterator[bytes], seconds: float) -> Load:
    answered, started = 0, time.perf_counter()
    end, asking = started + seconds, len(selector.get_map())
    while asking:
        ready = selector.select(_PATIENCE)
        if not ready:
            raise BadAnswer(f"No answer within {_PATIENCE:.0f} seconds.")
        for key, _ in ready:
            connection: _Connection = key.data
            if not connection.read():
                continue
            answered += 1
            if time.perf_counter() < end:
                connection.ask(next(requests))
            else:
                # The last answers are waited for: nothing of this round runs on into the next.
                asking -= 1
    return Load(answered, time.perf_counter() - started)


class _Connection:
    """One kept connection with at most one request on its way."""

    def __init__(self, port: int, expected: bytes) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), _PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._expected = expected
        self._received = b""
        self._length: int | None = None

    def ask(self, request: bytes) -> None:
        self._received, self._length = b"", None
        self.socket.sendall(request)

    def read(self) -> bool:
        """Take what has come; return whether the answer is whole. Raises BadAnswer."""
        piece = self.socket.recv(1 << 18)
        self._received += piece
        if self._length is None and (end := self._received.find(HEADERS_END)) >= 0:
            self._length = end + len(HEADERS_END) + self._content_length(end)
        is_whole = self._length is not None and len(self._received) >= self._length
        if (is_whole or not piece) and not self._received.startswith(self._expected):
            raise BadAnswer(self._received[:2000].decode(errors="replace") or "The server closed the connection.")
        if not piece and not is_whole:
            raise BadAnswer("The server closed the connection in the middle of an answer.")
        return is_whole

    def _content_length(self, end: int) -> int:
        length = _LENGTH.search(self._received, 0, end + 2)
        if length is None:
            raise BadAnswer("An answer without Content-Length.")
        return int(length[1])
