"""Threads that meet the database as separate processes do: each with a connection of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection

Result = TypeVar("Result")


@contextmanager
def own_connection() -> Iterator[None]:
    """Give the present thread a connection outside the pool, so that any number of them can be open at once."""
    given = connection.settings_dict
    options = {name: value for name, value in given["OPTIONS"].items() if name != "pool"}
    connection.settings_dict = {**given, "OPTIONS": options}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = given


def run_together(*works: Callable[[], Result]) -> list[Result]:
    """Run each in a thread with its own connection; return what they return, raise what the first of them raises."""

    def run(work: Callable[[], Result]) -> Result:
        with own_connection():
            return work()

    with ThreadPoolExecutor(len(works)) as threads:
        return [future.result(60) for future in [threads.submit(run, work) for work in works]]
