"""One client that asks over one kept connection, and waits for each answer."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec

from bench.load import BadAnswer
from bench.servers import Served

Ask = Callable[..., bytes]


@contextmanager
def one_client(served: Served) -> Iterator[Ask]:
    """Give `ask(path, body=None, method="GET")`, which returns the answer's body. It raises BadAnswer without a 2xx."""
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
    headers = {"Authorization": f"Bearer {served.token}", "Content-Type": "application/json"}

    def ask(path: str, body: object = None, method: str = "GET") -> bytes:
        connection.request(method, path, None if body is None else msgspec.json.encode(body), headers)
        answer = connection.getresponse()
        text = answer.read()
        if not 200 <= answer.status < 300:
            raise BadAnswer(f"{method} {path}: {text[:2000].decode(errors='replace')}")
        return text

    try:
        yield ask
    finally:
        connection.close()
