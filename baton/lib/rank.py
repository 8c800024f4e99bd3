"""The manual order of a project's tasks as strings that sort bytewise.

A new task's rank comes from its number alone (`initial`), so creating needs no look at its neighbours. A moved task
gets a string between two neighbours (`between`), always longer than an initial rank, so the two kinds never collide.
"""

from __future__ import annotations

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_BASE = len(_DIGITS)
_INITIAL_WIDTH = 8
_LOWEST = "0" * _INITIAL_WIDTH
MAX_LENGTH = 200


def initial(number: int) -> str:
    """Return the rank of the task that got `number` (from 1) at its creation: after all that came before."""
    if not 0 < number < _BASE**_INITIAL_WIDTH:
        raise ValueError(f"no rank for number {number}")
    digits = ""
    for _ in range(_INITIAL_WIDTH):
        number, digit = divmod(number, _BASE)
        digits = _DIGITS[digit] + digits
    return digits


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
