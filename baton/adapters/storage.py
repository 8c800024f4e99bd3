"""The store of whole files: a folder of this machine, or S3 (`baton.adapters.s3`), by the setting STORAGES.

Names are made here and nowhere else, and only a name of that form is ever opened.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, BinaryIO, Protocol, cast

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage, storages

from baton.adapters.staging import Staging, staging_folder

_SMALL = ".webp"
_FILE = re.compile(r"[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{32}(?:\.webp)?")
_AVATAR = re.compile(r"avatars/[0-9a-f]{32}\.webp")
_PIECE = 1024 * 1024
_FOLDERS = "[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]"


class Missing(Exception):
    """The store has no file of that name."""


class Unreachable(OSError):
    """The store can't be asked now."""


class Readable(Protocol):
    """What is read in pieces and then closed."""

    def read(self, size: int = -1, /) -> bytes:
        """Return the next piece, empty at the end."""

    def close(self) -> None:
        """Give the file back."""


class FileStore(Protocol):
    """What a store can do."""

    def take_in(self, path: Path, name: str) -> None:
        """Move a finished file into the store, durably. Raises OSError."""

    def open_from(self, name: str, start: int) -> Readable:
        """Open a file at a place. Raises Missing."""

    def measure(self, name: str) -> int:
        """Return a file's size. Raises Missing."""

    def delete(self, name: str) -> None:
        """Remove a file; one that isn't there is no error."""

    def older_than(self, moment: datetime) -> Iterator[str]:
        """Yield the names of the files that came before `moment`."""


def file_name() -> str:
    """Return a new name for a file, in one of 65,536 folders so that none grows large."""
    letters = secrets.token_hex(16)
    return f"{letters[:2]}/{letters[2:4]}/{letters}"


def thumbnail_name(name: str) -> str:
    """Return the name of a kept picture's thumbnail."""
    return name + _SMALL


def pictured_by(name: str) -> str:
    """Return the name of the file that a kept file belongs to: a thumbnail to its picture, others to themselves."""
    return name if is_avatar_name(name) else name.removesuffix(_SMALL)


def avatar_name() -> str:
    """Return a new name for an avatar, which cannot be guessed: whoever knows it may see it."""
    return f"avatars/{secrets.token_hex(16)}.webp"


def is_avatar_name(name: str) -> bool:
    """Is this a name that `avatar_name` may have made?"""
    return _AVATAR.fullmatch(name) is not None


def keep(staging: Staging, name: str) -> str:
    """Move a staged file into the store under `name`, and return the name. Raises OSError."""
    staging.finish()
    _store().take_in(staging.path, _checked(name))
    return name


def open_kept(name: str, start: int = 0) -> Readable:
    """Open a kept file at a place. Raises Missing."""
    return _store().open_from(_checked(name), start)


@contextmanager
def local_copy(name: str) -> Iterator[IO[bytes]]:
    """Give a kept file as one that can be sought in, fetched where it lies elsewhere. Raises Missing."""
    with closing(open_kept(name)) as kept:
        if isinstance(kept, BufferedReader):
            yield kept
            return
        with TemporaryFile(dir=staging_folder()) as copy:
            while piece := kept.read(_PIECE):
                copy.write(piece)
            copy.seek(0)
            yield copy


def size_of(name: str) -> int:
    """Return a kept file's size. Raises Missing."""
    return _store().measure(_checked(name))


def checksum(name: str) -> str:
    """Return the SHA-256 of a kept file's content, in hexadecimal. Raises Missing."""
    digest = hashlib.sha256()
    with closing(open_kept(name)) as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def remove(name: str) -> None:
    """Remove a kept file; one that isn't there is no error."""
    _store().delete(_checked(name))


def kept_before(moment: datetime) -> Iterator[str]:
    """Yield the names of the files that were there before `moment`."""
    return (name for name in _store().older_than(moment) if _is_name(name))


class LocalFiles(FileSystemStorage):
    """Files in a folder."""

    def path(self, name: str) -> str:
        """Return where the file lies. Raises SuspiciousFileOperation for what would lead out of the folder."""
        path = super().path(name)
        if not Path(path).resolve().is_relative_to(Path(self.location).resolve()):
            raise SuspiciousFileOperation(f"{name} leads out of the folder of files.")
        return path

    def take_in(self, path: Path, name: str) -> None:
        """Rename the file into its place; the rename is on the disk when this returns."""
        target = Path(self.path(name))
        _make_folder(target.parent)
        path.replace(target)
        _sync_folder(target.parent)

    def open_from(self, name: str, start: int) -> BinaryIO:
        """Open the file at a place."""
        try:
            file = Path(self.path(name)).open("rb")  # noqa: SIM115  # the caller closes it
        except (FileNotFoundError, NotADirectoryError):
            raise Missing(name) from None
        file.seek(start)
        return file

    def measure(self, name: str) -> int:
        """Return the file's size."""
        try:
            return Path(self.path(name)).stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            raise Missing(name) from None

    def older_than(self, moment: datetime) -> Iterator[str]:
        """Walk through the folders."""
        root = Path(self.location)
        for pattern in (f"{_FOLDERS}/*", "avatars/*"):
            for path in root.glob(pattern):
                try:
                    is_older = datetime.fromtimestamp(path.stat().st_mtime, UTC) < moment
                except FileNotFoundError:
                    continue
                if is_older:
                    yield path.relative_to(root).as_posix()


def _store() -> FileStore:
    return cast(FileStore, storages["default"])


def _is_name(name: str) -> bool:
    return bool(_FILE.fullmatch(name) or _AVATAR.fullmatch(name))


def _checked(name: str) -> str:
    if not _is_name(name):
        raise SuspiciousFileOperation("This is no name that the store gives.")
    return name


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    """Bring the folder's entries to the disk: without it a power cut may undo a rename that has been acknowledged."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
