"""How much of a process one channel may take up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from threading import Condition, get_ident
from time import monotonic

from baton.adapters.deadlines import Deadline


class NoTurn(Exception):
    """The deliveries before this one took too long; nothing that counts has been said to the other side."""


class Room:
    """Room for so many deliveries of a channel at once, and for a single one as long as the other side is in doubt.

    For a channel with one server behind it: while that server is silent, it keeps one worker waiting and not all.

    Each is in a thread of its own, and they end one after the other: from the word that lets the other side take it
    until what became of it is written down, a delivery is alone. So a kill finds one at most that is sent again.
    `patience` is for how many seconds the others wait for an answer: one that stalls must not stop them all.
    """

    def __init__(self, most: int, patience: float = 5.0) -> None:
        self._most = most
        self._patience = patience
        self._inside = 0
        self._is_answering = False
        self._heard_at = -inf
        self._silent_to: set[int] = set()
        self._ending: int | None = None  # the thread that does
        self._is_alone_until = 0.0
        self._changed = Condition()

    def fit(self, threads: int) -> None:
        """Leave one of so many threads for everything else, where there is more than one."""
        with self._changed:
            self._most = max(1, min(self._most, threads - 1))

    def enter(self) -> bool:
        """Take a place, if there is one; return whether there was."""
        with self._changed:
            is_free = self._inside < (self._most if self._is_answering else 1)
            self._inside += is_free
            return is_free

    @contextmanager
    def ending(self, deadline: Deadline) -> Iterator[None]:
        """Say the last word inside, and hear the answer: alone until this thread leaves the room.

        Raises NoTurn, and TooLate where the deadline has passed already.
        """
        self._wait_for_turn(deadline)
        try:
            yield
        finally:
            with self._changed:
                if self._ending == get_ident():
                    # What remains is ours to do.
                    self._is_alone_until = inf

    def leave(self) -> None:
        """Give the place back."""
        with self._changed:
            self._inside -= 1
            if self._ending == get_ident():
                self._ending = None
                self._changed.notify()

    def note(self, recipient: int, *, began: float, is_answering: bool) -> None:
        """Keep whether the other side answers, whatever it says, to a try that began then (`time.monotonic`).

        It is in doubt when it has been silent to two recipients and was heard by nobody since: to one alone it may well
        be silent because that one's own host is.
        """
        with self._changed:
            if is_answering:
                self._is_answering, self._heard_at = True, monotonic()
                self._silent_to.clear()
            elif began > self._heard_at:
                self._silent_to.add(recipient)
                self._is_answering &= len(self._silent_to) == 1

    def _wait_for_turn(self, deadline: Deadline) -> None:
        # Not for long: the time it takes is missing when the answer has to come.
        gives_up_at = monotonic() + min(2 * self._patience, deadline.left())
        with self._changed:
            while self._ending is not None and monotonic() < self._is_alone_until:
                left = gives_up_at - monotonic()
                if left <= 0:
                    raise NoTurn
                self._changed.wait(min(left, self._is_alone_until - monotonic()))
            self._ending = get_ident()
            self._is_alone_until = monotonic() + self._patience
