"""How much of a process one channel may take up."""

from __future__ import annotations

from threading import Lock


class Room:
    """Room for so many deliveries of a channel at once, and for a single one as long as the other side is in doubt.

    For a channel with one server behind it: while that server is silent, it keeps one worker waiting and not all.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._inside = 0
        self._is_answering = False
        self._lock = Lock()

    def enter(self) -> bool:
        """Take a place, if there is one; return whether there was."""
        with self._lock:
            is_free = self._inside < (self._most if self._is_answering else 1)
            self._inside += is_free
            return is_free

    def leave(self) -> None:
        """Give the place back."""
        with self._lock:
            self._inside -= 1

    def note(self, *, is_answering: bool) -> None:
        """Keep whether the other side answers, whatever it says."""
        with self._lock:
            self._is_answering = is_answering
