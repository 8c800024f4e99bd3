"""Statements that may take long."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def unhurried(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let statements on the connection run for any time (PostgreSQL); afterwards its own limit holds again."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    try:
        yield
    finally:
        # It may go back into the pool, for requests. A broken one is not put back.
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("RESET statement_timeout")
