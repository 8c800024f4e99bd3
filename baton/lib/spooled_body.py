"""A request's body, kept in memory or on the disk until a thread reads it."""

from __future__ import annotations

from contextlib import suppress
from io import RawIOBase
from tempfile import SpooledTemporaryFile
from typing import IO

# A body up to this size stays in memory.
_IN_MEMORY = 1024 * 1024


class SpooledBody:
    """Takes a body piece by piece; `folder` is where long ones lie (None for the system's).

    Where the disk is full it lets the body go and only counts: the client is heard to the end, so that it reads the
    answer, which it would not if the connection were cut while it still sends.
    """

    def __init__(self, folder: str | None) -> None:
        self._kept: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY, dir=folder)  # noqa: SIM115  (see close)
        self._lost: OSError | None = None
        self.size = 0

    def write(self, piece: bytes) -> None:
        """Take the next piece."""
        self.size += len(piece)
        if self._lost is None:
            try:
                self._kept.write(piece)
            except OSError as error:
                self._lose(error)

    def rewound(self) -> IO[bytes] | RawIOBase:
        """Return the whole body, to be read from its start; where it was lost, reading raises the OSError."""
        if self._lost is None:
            try:
                self._kept.seek(0)
            except OSError as error:
                self._lose(error)
        return self._kept if self._lost is None else _LostBody(self._lost)

    def close(self) -> None:
        """Free the memory or the disk."""
        # Closing writes out what waits in the buffer, and where the disk is full it says so once more.
        with suppress(OSError):
            self._kept.close()

    def _lose(self, reason: OSError) -> None:
        self._lost = reason
        self.close()


class _LostBody(RawIOBase):
    """In the place of a body that could not be kept: whoever reads it meets the reason."""

    def __init__(self, reason: OSError) -> None:
        self._reason = reason

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        raise OSError(self._reason.errno, self._reason.strerror)

    def readline(self, size: int | None = -1, /) -> bytes:
        return self.read()
