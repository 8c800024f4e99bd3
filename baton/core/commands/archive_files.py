"""The files of an archive on their way into the store."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from baton.adapters import storage
from baton.adapters.file_types import sniff
from baton.adapters.staging import Staging
from baton.core.queries import archive_shapes as shapes
from baton.lib.file_names import clean_file_name
from baton.lib.zip_archives import ArchiveReader, BadArchive


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the store, and what it turned out to be."""

    path: str
    name: str
    content_type: str


class Files:
    """Takes every attached file out of the archive, before a transaction begins. `only_look` keeps none of them.

    Raises BadArchive where a file is not what the archive says, and then keeps none.
    """

    def __init__(self, archive: shapes.Archive, reader: ArchiveReader, *, only_look: bool) -> None:
        self._kept: list[str] = []
        self._reader = reader
        self._only_look = only_look
        self._found: dict[int, Kept] = {}
        try:
            for task in archive.tasks:
                for file in task.attachments:
                    self._found[id(file)] = self._take(file)
        except BaseException:
            self.remove()
            raise

    def of(self, file: shapes.Attachment) -> Kept:
        """Return where the content of this file of the archive lies."""
        return self._found[id(file)]

    def remove(self) -> None:
        """Take out of the store again what no row will name."""
        for path in self._kept:
            storage.remove(path)

    def _take(self, file: shapes.Attachment) -> Kept:
        name = clean_file_name(file.name)
        if self._only_look:
            self._look(file)
            return Kept(storage.file_name(), name, file.content_type[:100])
        staging = Staging()
        try:
            for piece in self._reader.pieces(shapes.FILES + file.sha256):
                staging.write(piece)
            _compare(staging.sha256, file)
            staging.finish()
            content_type = sniff(staging.path, name)
            path = storage.keep(staging, storage.file_name())
        finally:
            staging.discard()
        self._kept.append(path)
        return Kept(path, name, content_type)

    def _look(self, file: shapes.Attachment) -> None:
        digest = sha256()
        for piece in self._reader.pieces(shapes.FILES + file.sha256):
            digest.update(piece)
        _compare(digest.hexdigest(), file)


def _compare(digest: str, file: shapes.Attachment) -> None:
    if digest != file.sha256:
        raise BadArchive(f"The content of {shapes.FILES}{file.sha256} has another checksum.")
