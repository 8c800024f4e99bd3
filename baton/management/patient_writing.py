"""An end to the patience with clients that read nothing; uvicorn's connections have none of their own."""

from __future__ import annotations

import asyncio

# How long a client may take nothing of what waits for it.
READING_SECONDS = 30


class PatientWriting(asyncio.Protocol):
    """Cuts a connection when nobody reads it: closed politely, it would wait for its buffer to be taken."""

    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport
    _reading_deadline: asyncio.TimerHandle | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nobody any more."""
        self._stop_awaiting_reader()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The buffer is full: start waiting for the client to read."""
        super().pause_writing()
        if self._reading_deadline is None:
            self._reading_deadline = self.loop.call_later(READING_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """The client has read."""
        self._stop_awaiting_reader()
        super().resume_writing()

    def _stop_awaiting_reader(self) -> None:
        if self._reading_deadline is not None:
            self._reading_deadline.cancel()
            self._reading_deadline = None
