"""ZIP archives: written so that the same content gives the same bytes, and read as what a stranger sent.

A name in an archive only finds content; it is never used as a path.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

MOST_ENTRIES = 20_000
_EPOCH = (1980, 1, 1, 0, 0, 0)
_PIECE = 256 * 1024
_END_SIZE = 22
_ZIP64_LOCATOR_SIZE = 20
_LARGEST_DIRECTORY = 4 * 2**20
# Text shrinks to a tenth, a repetitive one to a hundredth; a bomb to a thousandth.
_MOST_RATIO = 200
_SMALL = 2**20
_ENCRYPTED = 0x1
_SYMBOLIC_LINK = 0o120000


class BadArchive(Exception):
    """The archive is damaged, or made to do damage."""


@contextmanager
def add_entry(archive: ZipFile, name: str, *, compressed: bool) -> Iterator[IO[bytes]]:
    """Give a file to write the entry into; neither the clock nor this machine shows in the archive."""
    entry = ZipInfo(name, _EPOCH)
    entry.compress_type = ZIP_DEFLATED if compressed else ZIP_STORED
    entry.create_system = 3
    entry.external_attr = 0o600 << 16
    with archive.open(entry, "w", force_zip64=True) as file:
        yield file


class ArchiveReader:
    """An archive from somebody else: bounded in its number of entries and in what it unpacks to."""

    def __init__(self, file: IO[bytes], largest: int) -> None:
        """Open the archive. Raises BadArchive."""
        _check_directory(file)
        try:
            self._archive = ZipFile(file)
        except (BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError) as error:
            raise BadArchive("The file is no readable ZIP archive.") from error
        self._entries: dict[str, ZipInfo] = {}
        for entry in self._archive.infolist():
            _check_entry(entry)
            if entry.filename in self._entries:
                raise BadArchive(f"The archive holds {entry.filename!r} twice.")
            self._entries[entry.filename] = entry
        if len(self._entries) > MOST_ENTRIES:
            raise BadArchive(f"An archive may hold at most {MOST_ENTRIES:,} files.")
        if sum(entry.file_size for entry in self._entries.values()) > largest:
            raise BadArchive(f"Unpacked, an archive may have at most {largest:,} bytes.")

    def names(self) -> list[str]:
        """Return what the archive holds."""
        return list(self._entries)

    def size_of(self, name: str) -> int | None:
        """Return how many bytes the entry says it has, None for no entry."""
        entry = self._entries.get(name)
        return None if entry is None else entry.file_size

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield the entry's content. Raises BadArchive where it is damaged or longer than it says."""
        entry = self._entries[name]
        left = entry.file_size
        try:
            with self._archive.open(entry) as content:
                while piece := content.read(_PIECE):
                    left -= len(piece)
                    if left < 0:
                        raise BadArchive(f"{name!r} is longer than the archive says.")
                    yield piece
        except (BadZipFile, zlib.error, ValueError, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise BadArchive(f"{name!r} can't be unpacked.") from error
        if left:
            raise BadArchive(f"{name!r} is shorter than the archive says.")


def looks_like_archive(head: bytes) -> bool:
    """Does a file that begins like this want to be a ZIP archive?"""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def _check_directory(file: IO[bytes]) -> None:
    """Look at the end record before zipfile does, which would make an object of every entry there is."""
    file.seek(0, 2)
    size = file.tell()
    if size < _END_SIZE:
        raise BadArchive("The file is no readable ZIP archive.")
    file.seek(max(0, size - _END_SIZE - _ZIP64_LOCATOR_SIZE))
    tail = file.read()
    end = tail[-_END_SIZE:]
    if not end.startswith(b"PK\x05\x06") or end[-2:] != b"\0\0":
        raise BadArchive("The file is no readable ZIP archive, or has a comment.")
    entries = int.from_bytes(end[10:12], "little")
    directory = int.from_bytes(end[12:16], "little")
    if tail.startswith(b"PK\x06\x07") or directory > _LARGEST_DIRECTORY or entries > MOST_ENTRIES:
        raise BadArchive(f"An archive may hold at most {MOST_ENTRIES:,} files.")
    file.seek(0)


def _check_entry(entry: ZipInfo) -> None:
    if entry.flag_bits & _ENCRYPTED:
        raise BadArchive("Encrypted archives can't be read.")
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise BadArchive(f"{entry.filename!r} is packed in a way that is not read here.")
    if (entry.external_attr >> 16) & 0o170000 == _SYMBOLIC_LINK:
        raise BadArchive(f"{entry.filename!r} is a link.")
    if entry.file_size > _SMALL and entry.file_size > _MOST_RATIO * max(1, entry.compress_size):
        raise BadArchive(f"{entry.filename!r} unpacks to suspiciously much.")
