"""One end for everything together, however many waits there are on the way to it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Thread
from time import monotonic
from typing import TypeVar

T = TypeVar("T")


class TooLate(TimeoutError):
    """The time for everything together has run out."""


class Deadline:
    """When everything has to be over: so many seconds after it was made."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = monotonic() + seconds

    @property
    def is_over(self) -> bool:
        """Has the time run out?"""
        return monotonic() >= self._end

    def left(self) -> float:
        """Return the seconds that are left. Raises TooLate where there are none."""
        left = self._end - monotonic()
        if left <= 0:
            raise self.passed()
        return left

    def passed(self) -> TooLate:
        """Return the error of whoever was not ready in time."""
        return TooLate(f"Not over within {self.seconds:g} seconds.")


Ending = Callable[[Deadline], AbstractContextManager[object]]
"""What a step goes through that must be alone: it may be waited for until the deadline, and gives up by an error."""


def run_within(deadline: Deadline, work: Callable[[], T]) -> T:
    """Return what the work returns, and raise what it raises; where it takes longer, TooLate.

    It runs in a thread, which is left to itself when it is late: for what nothing interrupts, such as name servers.
    """
    done: list[T] = []
    failed: list[Exception] = []

    def run() -> None:
        try:
            done.append(work())
        except Exception as error:  # noqa: BLE001  # raised again by whoever waits
            failed.append(error)

    running = Thread(target=run, name="within", daemon=True)
    running.start()
    running.join(deadline.left())
    if failed:
        raise failed[0]
    if not done:
        raise deadline.passed()
    return done[0]
