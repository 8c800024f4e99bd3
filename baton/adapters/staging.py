"""Files on their way in: written piece by piece beside the store, and seen by nobody until they are whole."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Self
from uuid import uuid4

from django.conf import settings


def staging_folder() -> Path:
    """Return the folder of unfinished files, which lies inside the store's so that a finished one is only renamed."""
    folder = Path(settings.MEDIA_ROOT) / "staging"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Staging:
    """A file being written. It must end as `discard()`, which does nothing more once a store has taken the file in."""

    def __init__(self) -> None:
        self.path = staging_folder() / f"{uuid4().hex}.part"
        self.size = 0
        self._hash = hashlib.sha256()
        self._file: BinaryIO = self.path.open("xb")

    @classmethod
    def of(cls, content: bytes) -> Self:
        """Return a finished file with this content. Raises OSError."""
        staging = cls()
        try:
            staging.write(content)
            staging.finish()
        except OSError:
            staging.discard()
            raise
        return staging

    @property
    def sha256(self) -> str:
        """The checksum of what has been written, in hexadecimal."""
        return self._hash.hexdigest()

    def write(self, piece: bytes) -> None:
        """Add a piece. Raises OSError, for a full disk among others."""
        self._file.write(piece)
        self._hash.update(piece)
        self.size += len(piece)

    def finish(self) -> None:
        """Bring the file to the disk, so that a row which names it never survives a power cut alone. Raises OSError."""
        if not self._file.closed:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def discard(self) -> None:
        """Remove the file, wherever its writing stopped."""
        # Unlinked first: closing writes what is still buffered, which fails on a full disk.
        self.path.unlink(missing_ok=True)
        with suppress(OSError):
            self._file.close()


def leftovers(before: datetime) -> Iterator[Path]:
    """Yield the files that nobody has written to since `before`: their writers were killed."""
    for path in staging_folder().iterdir():
        try:
            touched = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except FileNotFoundError:  # its writer was faster
            continue
        if touched < before:
            yield path
