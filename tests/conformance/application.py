"""The WSGI application inside a test's transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction

_application = get_wsgi_application()


def application(environ: Any, start_response: Any) -> list[bytes]:
    """Answer, read to the end and closed, as a server does it and a test client leaves it."""
    answer = _application(environ, start_response)
    try:
        return [b"".join(answer)]
    finally:
        answer.close()


@contextmanager
def rolled_back() -> Iterator[None]:
    """Undo what the block does; it stands for the outermost transaction, as the test's own does."""
    block = transaction.atomic()
    vars(block)["_from_testcase"] = True
    with block:
        yield
        transaction.set_rollback(True)


@contextmanager
def open_connection() -> Iterator[None]:
    """Keep requests from closing the connection that the test's transaction is on."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
