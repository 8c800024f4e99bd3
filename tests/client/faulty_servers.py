"""Things between a client and its server that go wrong, on real sockets."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Scripted:
    """A server that gives prepared answers, one a connection, and keeps what it was asked."""

    port: int
    requests: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def keys(self) -> set[str]:
        """Return the idempotency keys of all requests."""
        lines = [line for request in self.requests for line in request.split("\r\n")]
        return {line.partition(": ")[2] for line in lines if line.lower().startswith("idempotency-key:")}


def answer(status: str, body: str = "", **headers: str) -> bytes:
    """Return an answer's bytes; `Retry_After` is Retry-After."""
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    head = "\r\n".join([f"HTTP/1.1 {status}", *lines, f"Content-Length: {len(body.encode())}", "Connection: close"])
    return f"{head}\r\n\r\n{body}".encode()


@contextmanager
def scripted(*answers: bytes) -> Iterator[Scripted]:
    """Serve the answers in their order, the last one again and again; an empty one just closes the connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Scripted(listener.getsockname()[1])

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    with connection:
                        server.requests.append(_read_request(connection))
                        connection.sendall(answers[min(len(server.requests), len(answers)) - 1])

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)


@contextmanager
def losing_answers(port: int, losses: int) -> Iterator[Scripted]:
    """Pass connections on to a server, but close the first ones when their answer comes, so after the deed."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = Scripted(listener.getsockname()[1])

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    with connection, socket.create_connection(("127.0.0.1", port)) as server:
                        text = _read_request(connection)
                        proxy.requests.append(text)
                        server.sendall(text.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", 1).encode())
                        received = _read_to_end(server)
                        if len(proxy.requests) > losses:
                            connection.sendall(received)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield proxy
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def _read_request(connection: socket.socket) -> str:
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    missing = int(lengths[0].split(b":")[1]) - len(body) if lengths else 0
    while missing > 0:
        more = connection.recv(65536)
        data += more
        missing -= len(more)
    return data.decode()


def _read_to_end(connection: socket.socket) -> bytes:
    data = b""
    while more := connection.recv(65536):
        data += more
    return data
