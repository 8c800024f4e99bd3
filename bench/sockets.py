"""Clients of the live stream that cost little: a thousand of them fit on the core beside the server's."""

from __future__ import annotations

import asyncio
import re
import time
from typing import cast

import msgspec

from bench.load import BadAnswer
from bench.servers import Served

_HEAD = """GET /ws/stream/ HTTP/1.1\r
Host: 127.0.0.1:{port}\r
Upgrade: websocket\r
Connection: Upgrade\r
Sec-WebSocket-Version: 13\r
Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
Authorization: Bearer {token}\r
\r
"""
_EVENT = re.compile(rb'^\{"type":"event","cursor":"([0-9]+-[0-9]+)".*"request_id":"write-([0-9]+)"\}$', re.DOTALL)
_TEXT, _CLOSE, _PING = 0x81, 0x88, 0x89


class Client(asyncio.Protocol):
    """One socket; `heard` is when it heard of which write, by its number."""

    def __init__(self, after: str | None) -> None:
        loop = asyncio.get_running_loop()
        self.accepted: asyncio.Future[None] = loop.create_future()
        self.ready: asyncio.Future[None] = loop.create_future()
        self.heard: dict[int, float] = {}
        self.twice = 0
        self.cursor = after
        self._after = after
        self._received = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def shake_hands(self, served: Served) -> None:
        self._transport.write(_HEAD.format(port=served.port, token=served.token).encode())

    def stop_reading(self) -> None:
        self._transport.pause_reading()

    def close(self) -> None:
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self.accepted.done():
            head, end, rest = self._received.partition(b"\r\n\r\n")
            if not end:
                return
            if b" 101 " not in head.split(b"\r\n")[0]:
                self.accepted.set_exception(BadAnswer(head.decode()))
                return
            self._received = rest
            self.accepted.set_result(None)
            self._send(_TEXT, msgspec.json.encode({"type": "subscribe", "after": self._after}))
        self._read_frames()

    def connection_lost(self, exc: Exception | None) -> None:
        for awaited in (self.accepted, self.ready):
            if not awaited.done():
                awaited.set_exception(BadAnswer("the connection was closed"))

    def _read_frames(self) -> None:
        now = time.perf_counter()
        while len(self._received) >= 2:
            size, start = self._received[1], 2
            if size == 126:
                size, start = int.from_bytes(self._received[2:4], "big"), 4
            elif size == 127:
                size, start = int.from_bytes(self._received[2:10], "big"), 10
            if len(self._received) < start + size:
                return
            opcode, payload = self._received[0], self._received[start : start + size]
            self._received = self._received[start + size :]
            self._take(opcode, payload, now)

    def _take(self, opcode: int, payload: bytes, now: float) -> None:
        if opcode == _PING:
            self._send(0x8A, payload)
        elif found := _EVENT.match(payload):
            event = int(found[2])
            self.twice += event in self.heard
            self.heard[event] = now
            self.cursor = found[1].decode()
        elif payload.startswith(b'{"type":"ready"'):
            self.cursor = msgspec.json.decode(payload)["cursor"]
            self.ready.set_result(None)

    def _send(self, opcode: int, payload: bytes) -> None:
        # Masked with zeros, which the server takes as well as any other mask.
        self._transport.write(bytes([opcode, 0x80 | len(payload)]) + b"\0\0\0\0" + payload)


async def open_client(served: Served, after: str | None) -> Client:
    """Open a socket and subscribe behind a cursor, or from now on. Raises BadAnswer."""
    loop = asyncio.get_running_loop()
    _, client = await loop.create_connection(lambda: Client(after), "127.0.0.1", served.port)
    client.shake_hands(served)
    await client.accepted
    return client


class Writer:
    """Writes one event at a time over a kept connection."""

    def __init__(self, served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._served = served
        self._reader = reader
        self._writer = writer
        self._number = 0
        # The newest that the caller sees, in a project of theirs.
        _, page = served.ask("GET", "/api/tasks/?page_size=1")
        self._path = f"/api/tasks/{page['results'][0]['id']}/"

    @classmethod
    async def open(cls, served: Served) -> Writer:
        return cls(served, *await asyncio.open_connection("127.0.0.1", served.port))

    def close(self) -> None:
        self._writer.close()

    async def write(self) -> int:
        """Give a task another title, and return the number of this write. Raises BadAnswer."""
        self._number += 1
        request = self._served.request("PATCH", self._path, {"title": f"Title {self._number}"})
        line, _, rest = request.partition(b"\r\n")
        self._writer.write(line + b"\r\nX-Request-Id: write-%d\r\n" % self._number + rest)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: ([0-9]+)", head, re.IGNORECASE)
        answer = await self._reader.readexactly(int(length[1]) if length else 0)
        if b" 200 " not in head.split(b"\r\n")[0]:
            raise BadAnswer(answer[:1000].decode(errors="replace"))
        return self._number
