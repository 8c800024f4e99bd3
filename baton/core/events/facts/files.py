"""What happens to files."""

from __future__ import annotations

from typing import ClassVar

from baton.core.events.fact import Fact

ATTACHMENT_FIELDS = ("name", "size", "content_type", "sha256")


class AttachmentAdded(Fact):
    """Somebody attached a file to a task; `changes` says what it is."""

    verb: ClassVar[str] = "attachment.added"
    fields: ClassVar[tuple[str, ...]] = ATTACHMENT_FIELDS
    attachment: int


class AttachmentRemoved(Fact):
    """A file went into the trash."""

    verb: ClassVar[str] = "attachment.removed"
    fields: ClassVar[tuple[str, ...]] = ATTACHMENT_FIELDS
    attachment: int


class AttachmentRestored(Fact):
    """A file came back from the trash."""

    verb: ClassVar[str] = "attachment.restored"
    fields: ClassVar[tuple[str, ...]] = ATTACHMENT_FIELDS
    attachment: int


class AttachmentPurged(Fact):
    """A file in the trash was deleted for good."""

    verb: ClassVar[str] = "attachment.purged"
    attachment: int


class FileShared(Fact):
    """Somebody shared a file with everybody who has an account."""

    verb: ClassVar[str] = "file.shared"
    file: int
    name: str
    size: int
    sha256: str


class SharedFileRemoved(Fact):
    """A file for everybody was deleted, at once and for good."""

    verb: ClassVar[str] = "file.removed"
    file: int
    name: str
