"""list-50: the newest fifty tasks the caller sees. The reference counts all of them, as pages by number have to."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat
from urllib.parse import urlsplit

from bench.data import Data
from bench.operations.operation import Operation, compare
from bench.servers import Served

_PATH = "/api/tasks/"
_UNCOUNTED = "/api/uncounted-tasks/"
_PAGES = 3


def _requests(served: Served, _rows: Data) -> Iterator[bytes]:
    return repeat(served.request("GET", _PATH))


def _uncounted_requests(served: Served, _rows: Data) -> Iterator[bytes]:
    return repeat(served.request("GET", _UNCOUNTED if served.name == "reference" else _PATH))


def _check(ours: Served, theirs: Served, _rows: Data) -> None:
    _compare_pages(ours, theirs, _PATH)


def _check_uncounted(ours: Served, theirs: Served, _rows: Data) -> None:
    _compare_pages(ours, theirs, _UNCOUNTED)


def _compare_pages(ours: Served, theirs: Served, their_path: str) -> None:
    """Walk the first pages of both by the links they give."""
    paths = [_PATH, their_path]
    for number in range(_PAGES):
        answers = [served.ask("GET", path) for served, path in zip((ours, theirs), paths, strict=True)]
        compare(f"page {number + 1} of {_PATH}", *((status, body.get("results")) for status, body in answers))
        links = [urlsplit(body["next"]) for _, body in answers]
        paths = [f"{link.path}?{link.query}" for link in links]


LIST_50 = Operation("list-50", 10, 200, _requests, _check)
LIST_50_UNCOUNTED = Operation("list-50-uncounted", None, 200, _uncounted_requests, _check_uncounted)
"""Beside a reference with CursorPagination, which counts nothing, as Baton."""
