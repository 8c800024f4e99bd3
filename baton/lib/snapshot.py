"""Reading one state of the database with several statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_BEGIN = {
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    # Django's own transactions take the write lock at once, and would keep writers out for the whole reading.
    "sqlite": "BEGIN DEFERRED",
}


@contextmanager
def one_state() -> Iterator[None]:
    """Have every query inside see the same state, without keeping writers out. Inside a transaction, do nothing."""
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN[connection.vendor])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")
