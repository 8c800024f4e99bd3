"""How far a long command is: a bar in a terminal, a line at the end elsewhere."""

from __future__ import annotations

import time

from django.core.management.base import OutputWrapper

_WIDTH = 40
_EVERY = 0.1


class Progress:
    """Counts up to `total` things named `noun`."""

    def __init__(self, out: OutputWrapper, noun: str, total: int) -> None:
        self._out, self._noun, self._total = out, noun, total
        self._done = 0
        self._started = self._began = time.monotonic()
        self._shown = 0.0

    def advance(self, done: int) -> None:
        """Count some more, and show it where somebody watches."""
        now = time.monotonic()
        if not self._done:
            # What came before the first of these says nothing about how long the rest will take.
            self._began = now
        self._done += done
        if self._out.isatty() and now - self._shown >= _EVERY:
            self._shown = now
            self._write("\r" + self._bar(now))

    def finish(self) -> None:
        """Say what was done."""
        start = "\r\x1b[K" if self._out.isatty() else ""
        self._write(f"{start}{self._done} {self._noun} in {time.monotonic() - self._started:.1f} s.\n")

    def _bar(self, now: float) -> str:
        # People go on working, so there may be more in the end than there were at the start.
        part = min(1.0, self._done / self._total) if self._total else 1.0
        filled = "#" * round(part * _WIDTH)
        left = (now - self._began) * (1 - part) / part if part else 0
        return f"[{filled:<{_WIDTH}}] {self._done} of {self._total} {self._noun}, {left:.0f} s left \x1b[K"

    def _write(self, text: str) -> None:
        self._out.write(text, ending="")
        self._out.flush()
