"""The bridge from ASGI to WSGI, over real sockets: what clients send slowly, too much of, or never read."""

from __future__ import annotations

import asyncio
import hashlib
import socket
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import pytest
import uvicorn

from baton.lib.wsgi_bridge import WSGIBridge
from baton.management import patient_http, patient_writing
from baton.management.patient_http import PatientConnection

Start = Callable[..., Any]
LEFT_OVER: ContextVar[str] = ContextVar("left_over", default="")
BIG = b"0123456789" * 1_000_000
closed: list[str] = []


def application(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """Answer by path."""
    path = environ["PATH_INFO"]
    if path == "/big":
        start("200 OK", [("Content-Length", str(len(BIG)))])
        return Pieces()
    if path == "/file":
        file = tempfile.TemporaryFile()  # noqa: SIM115
        file.write(BIG)
        file.seek(0)
        start("200 OK", [("Content-Length", str(len(BIG)))])
        answer: Iterable[bytes] = environ["wsgi.file_wrapper"](file, 4096)
        return answer
    body = environ["wsgi.input"].read()
    said = {
        "/digest": f"{environ.get('CONTENT_LENGTH')} {hashlib.sha256(body).hexdigest()}",
        "/headers": f"{environ.get('HTTP_X_ONE')}|{environ.get('HTTP_X_TWO')}|{environ.get('HTTP_COOKIE')}",
        "/context": LEFT_OVER.get(),
    }.get(path, path.encode("latin-1").decode())
    LEFT_OVER.set("something")
    text = said.encode()
    start("200 OK", [("Content-Length", str(len(text)))])
    return [text]


class Pieces:
    """A long answer that notes when it is closed."""

    def __iter__(self) -> Iterator[bytes]:
        for at in range(0, len(BIG), 50_000):
            yield BIG[at : at + 50_000]

    def close(self) -> None:
        """Note it."""
        closed.append("big")


@contextmanager
def served(*, threads: int = 2, patience: float = 1) -> Iterator[int]:
    """Serve the application in a thread; give the port."""
    listener = socket.create_server(("127.0.0.1", 0))
    bridge = WSGIBridge(application, threads=threads, max_body=3_000_000, patience=patience)
    server = uvicorn.Server(
        uvicorn.Config(bridge, http=PatientConnection, lifespan="off", log_config=None, access_log=False)
    )
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()
        bridge.close()


def talk(port: int, *parts: bytes) -> bytes:
    """Send the parts and return everything that comes back until the end."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        for part in parts:
            connection.sendall(part)
        answer = b""
        while piece := connection.recv(1 << 20):
            answer += piece
    return answer


def receive(connection: socket.socket, mark: bytes, more: int) -> bytes:
    """Receive until `more` bytes have come after the mark."""
    answer = b""
    while mark not in answer or len(answer.partition(mark)[2]) < more:
        piece = connection.recv(4096)
        assert piece, "the connection ended early"
        answer += piece
    return answer


def get(path: str, *headers: str) -> bytes:
    """Return the text of a request."""
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: x", "Connection: close", *headers, "", ""]).encode()


def test_bodies_and_headers_arrive_as_they_were_sent() -> None:
    body = bytes(range(256)) * 8000
    digest = hashlib.sha256(body).hexdigest().encode()
    head = b"POST /digest HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    with served() as port:
        answer = talk(port, head + b"Content-Length: %d\r\n\r\n" % len(body), body)
        assert answer.endswith(b"%d %s" % (len(body), digest))
        chunks = (
            b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:700_000], body[700_000:])) + b"0\r\n\r\n"
        )
        answer = talk(port, head + b"Transfer-Encoding: chunked\r\n\r\n", chunks)
        assert answer.endswith(b"%d %s" % (len(body), digest))
        # A name with an underscore can't pass itself off as the header a proxy writes.
        answer = talk(port, get("/headers", "X-One: 1", "X_Two: false", "Cookie: a=1", "Cookie: b=2", "X-One: 3"))
        assert answer.endswith(b"1,3|None|a=1; b=2")
        assert talk(port, get("/%D0%B6%2Fx")).endswith("/ж/x".encode())
        assert talk(port, get("/context")).endswith(b"\r\n\r\n")
        assert talk(port, get("/context")).endswith(b"\r\n\r\n")


def test_a_body_over_the_limit_is_announced_but_not_read() -> None:
    empty = hashlib.sha256(b"").hexdigest().encode()
    with served() as port:
        answer = talk(
            port, b"POST /digest HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 99000000\r\n\r\n"
        )
        assert answer.endswith(b"99000000 " + empty)
        # Kept open, as by a client that will send on: closing it with the rest unread would lose the answer.
        with socket.create_connection(("127.0.0.1", port), timeout=10) as endless:
            endless.sendall(b"POST /digest HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in range(3):
                endless.sendall(b"100000\r\n" + bytes(0x100000) + b"\r\n")
            head, _, said = receive(endless, b"\r\n\r\n", 64).partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200")
            assert int(said.split()[0]) > 3_000_000


@pytest.mark.parametrize("path", ["/big", "/file"])
def test_a_long_answer_is_streamed_whole(path: str) -> None:
    closed.clear()
    with served() as port:
        assert talk(port, get(path)).endswith(b"\r\n\r\n" + BIG)
    assert closed == (["big"] if path == "/big" else [])


def test_slow_senders_and_readers_hold_no_thread() -> None:
    with served(threads=1, patience=3) as port:
        senders = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
        for sender in senders:
            sender.sendall(b"POST /digest HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx")
        readers = [socket.create_connection(("127.0.0.1", port)) for _ in range(5)]
        for reader in readers:
            reader.sendall(get("/file"))
        assert talk(port, get("/quick")).endswith(b"/quick")
        for sender in senders:
            sender.settimeout(10)
            assert sender.recv(100).startswith(b"HTTP/1.1 408")
            sender.close()
        for reader in readers:
            reader.close()


def test_endless_headers_and_unread_answers_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patient_http, "HEADERS_SECONDS", 0.5)
    monkeypatch.setattr(patient_writing, "READING_SECONDS", 0.5)
    with served() as port:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as silent:
            assert silent.recv(1) == b""
        with socket.create_connection(("127.0.0.1", port), timeout=10) as slow:
            slow.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert receive(slow, b"\r\n\r\n", 1).endswith(b"/")
            slow.sendall(b"GET / HTTP/1.1\r\nX-Never:")
            assert _is_cut(slow)
        with socket.create_connection(("127.0.0.1", port), timeout=10) as talker:
            headers = b"GET / HTTP/1.1\r\n" + b"X-A: %s\r\n" % (b"a" * 5000) * 2000
            with pytest.raises(ConnectionError):
                talker.sendall(headers)
        with socket.create_connection(("127.0.0.1", port), timeout=10) as reader:
            reader.sendall(get("/big"))
            threading.Event().wait(1.5)
            assert talk(port, get("/quick")).endswith(b"/quick")
            taken = 0
            try:
                while piece := reader.recv(1 << 20):
                    taken += len(piece)
            except ConnectionResetError:
                pass
            assert taken < len(BIG)


def _is_cut(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True
