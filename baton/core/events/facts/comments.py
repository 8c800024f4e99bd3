"""What happens to comments."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from baton.core.events.fact import Fact


class CommentAdded(Fact):
    """Somebody commented on a task."""

    verb: ClassVar[str] = "comment.added"
    fields: ClassVar[tuple[str, ...]] = ("text",)
    comment: int


class CommentEdited(Fact):
    """An author changed their comment."""

    verb: ClassVar[str] = "comment.edited"
    fields: ClassVar[tuple[str, ...]] = ("text",)
    comment: int


class CommentDeleted(Fact):
    """A comment was deleted; `changes.text` keeps what it said."""

    verb: ClassVar[str] = "comment.deleted"
    fields: ClassVar[tuple[str, ...]] = ("text",)
    comment: int
    author: int
    created_at: datetime


class CommentRestored(Fact):
    """A deleted comment was put back as it was."""

    verb: ClassVar[str] = "comment.restored"
    fields: ClassVar[tuple[str, ...]] = ("text",)
    comment: int
