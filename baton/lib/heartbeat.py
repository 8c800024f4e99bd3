"""Signs of life of the threads that work beside the requests in this process."""

from __future__ import annotations

from time import monotonic

_expected: dict[str, float] = {}
_seen: dict[str, float] = {}


def expect(name: str, *, within: float) -> None:
    """From now on, `name` has to show itself at least every `within` seconds."""
    _expected[name] = within
    _seen.pop(name, None)


def forget(name: str) -> None:
    """`name` was stopped on purpose."""
    _expected.pop(name, None)


def show(name: str) -> None:
    """`name` is alive."""
    _seen[name] = monotonic()


def list_missing() -> list[str]:
    """Return what should have shown itself and didn't, or hasn't yet."""
    now = monotonic()
    return [name for name, within in _expected.items() if now - _seen.get(name, float("-inf")) > within]


def list_expected() -> list[str]:
    """Return what has to show itself."""
    return list(_expected)
