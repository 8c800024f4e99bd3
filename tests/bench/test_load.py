from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import repeat

import pytest

from bench.load import BadAnswer, put_load

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


@contextmanager
def server(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """Run a server that answers each request as told, and give its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=converse, args=(connection,), daemon=True).start()

        def converse(connection: socket.socket) -> None:
            with connection:
                while connection.recv(1000):
                    answer(connection)

        accepting = threading.Thread(target=serve, daemon=True)
        accepting.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        accepting.join(5)


def test_counts_whole_answers_also_those_in_pieces() -> None:
    answered = []

    def in_pieces(connection: socket.socket) -> None:
        answered.append(1)
        for piece in (ANSWER[:20], ANSWER[20:40], ANSWER[40:]):
            connection.sendall(piece)

    with server(in_pieces) as port:
        load = put_load(port, repeat(b"GET"), 200, clients=3, seconds=0.2)
    assert load.answered == len(answered) > 3
    assert load.seconds >= 0.2


@pytest.mark.parametrize(
    "answer",
    [
        ANSWER.replace(b"200 OK", b"500 Oops"),
        b"HTTP/1.1 200 OK\r\n\r\nno length",
        b"",
    ],
)
def test_refuses_an_answer_that_is_not_the_expected(answer: bytes) -> None:
    def answer_and_leave(connection: socket.socket) -> None:
        connection.sendall(answer)
        connection.shutdown(socket.SHUT_RDWR)

    with server(answer_and_leave) as port, pytest.raises(BadAnswer):
        put_load(port, repeat(b"GET"), 200, clients=1, seconds=0.2)
