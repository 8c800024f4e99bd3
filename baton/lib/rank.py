"""The manual order of a project's tasks as strings that sort bytewise.

A new task's rank comes from its number alone (`initial`), so creating needs no look at its neighbours. A moved task
gets a string between two neighbours (`between`), always longer than an initial rank, so the two kinds never collide.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import count as count_up

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_BASE = len(_DIGITS)
_INITIAL_WIDTH = 8
_LOWEST = "0" * _INITIAL_WIDTH
MAX_LENGTH = 200
# The middle first; never the lowest digit, behind which nothing would fit.
_ENDS = "ihjgkflemdncobpaq9r8s7t6u5v4w3x2y1z"


def initial(number: int) -> str:
    """Return the rank of the task that got `number` (from 1) at its creation: after all that came before."""
    if not 0 < number < _BASE**_INITIAL_WIDTH:
        raise ValueError(f"no rank for number {number}")
    return _text(number, _INITIAL_WIDTH)


def between(before: str | None, after: str | None) -> str:
    """Return a rank that sorts after `before` and before `after` (None: the open end).

    Behind the last one it still sorts before every task that is yet to be created. Raises ValueError where the two are
    not in order.
    """
    low = before or _LOWEST
    if after is None:
        return low[:_INITIAL_WIDTH] + _midpoint(low[_INITIAL_WIDTH:], None)
    if low >= after:
        raise ValueError(f"{low!r} does not sort before {after!r}")
    middle = _midpoint(low, after)
    return middle.ljust(_INITIAL_WIDTH, "0") + "i" if len(middle) <= _INITIAL_WIDTH else middle


def spread(before: str | None, after: str, count: int, taken: Collection[str] = ()) -> list[str]:
    """Return `count` ranks between `before` and `after` at even distances, as short as they can be, none of `taken`.

    Each gap takes as many moves as a new one. Raises ValueError where the two are not in order.
    """
    low = before or _LOWEST
    if low >= after:
        raise ValueError(f"{low!r} does not sort before {after!r}")
    taken = set(taken)
    for width in count_up(_INITIAL_WIDTH):
        first, last = _number(low, width), _number(after, width)
        if last - first <= count:
            continue
        stems = [_text(first + (last - first) * place // (count + 1), width) for place in range(1, count + 1)]
        for end in _ENDS:
            ranks = [stem + end for stem in stems]
            if taken.isdisjoint(ranks):
                return ranks
    raise AssertionError("some width is wide enough")


def _number(rank: str, width: int) -> int:
    """Return the first `width` digits as a number."""
    return int(rank[:width].ljust(width, "0"), _BASE)


def _text(number: int, width: int) -> str:
    digits = ""
    for _ in range(width):
        number, digit = divmod(number, _BASE)
        digits = _DIGITS[digit] + digits
    return digits


def _midpoint(low: str, high: str | None) -> str:
    """Return a string strictly between `low` and `high` that does not end in the lowest digit."""
    prefix = ""
    position = 0
    while True:
        floor = _DIGITS.index(low[position]) if position < len(low) else 0
        ceiling = _DIGITS.index(high[position]) if high is not None and position < len(high) else _BASE
        if ceiling - floor > 1:
            return prefix + _DIGITS[(floor + ceiling) // 2]
        prefix += _DIGITS[floor]
        if ceiling != floor:
            high = None
        position += 1
