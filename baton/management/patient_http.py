"""uvicorn's HTTP connection with an end to its patience: it has no deadlines of its own for slow or silent clients."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from baton.management.patient_writing import PatientWriting

# From a request's first byte, or the connection's beginning, to the end of its headers.
HEADERS_SECONDS = 20
HEADERS_BYTES = 64 * 1024


class PatientConnection(PatientWriting, HttpToolsProtocol):
    """A connection that is cut when its headers don't end, or when an answer isn't read."""

    _headers_deadline: asyncio.TimerHandle | None = None
    _headers_size = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start waiting for a request."""
        super().connection_made(transport)
        self._await_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._stop_awaiting_headers()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Pass the data on, unless there are more headers than anybody sends."""
        super().data_received(data)
        if self._headers_deadline is not None:
            self._headers_size += len(data)
            if self._headers_size > HEADERS_BYTES:
                self.transport.abort()

    def on_message_begin(self) -> None:
        """Start waiting for the headers' end."""
        if self._headers_deadline is None:
            self._await_headers()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The headers are here."""
        self._stop_awaiting_headers()
        super().on_headers_complete()

    def _await_headers(self) -> None:
        self._headers_size = 0
        self._headers_deadline = self.loop.call_later(HEADERS_SECONDS, self.transport.abort)

    def _stop_awaiting_headers(self) -> None:
        if self._headers_deadline is not None:
            self._headers_deadline.cancel()
            self._headers_deadline = None
