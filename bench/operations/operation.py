"""What an operation is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench.data import Data
from bench.servers import Served


class Differs(Exception):
    """The two programs answered differently; the message says to what."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing clients ask for: its endless requests, and a check that both programs answer alike.

    `aim` is how many times as many requests as the reference's Baton shall answer. `check` raises Differs.
    """

    name: str
    aim: float | None
    status: int
    requests: Callable[[Served, Data], Iterator[bytes]]
    check: Callable[[Served, Served, Data], None]


def compare(what: str, left: object, right: object) -> None:
    """Raise Differs, naming both, unless the two are equal down to the order of keys."""
    if left != right or repr(left) != repr(right):
        raise Differs(f"{what}:\n  {left!r:.3000}\n  {right!r:.3000}")
