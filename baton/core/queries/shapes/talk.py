"""What people put on a task: comments and files."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from baton.core.queries.shapes.people import Person
from baton.core.queries.shapes.shape import Shape


class Comment(Shape):
    """A comment on a task."""

    id: int
    task: int
    author: Person
    text: str
    created_at: datetime
    edited_at: datetime | None


class Attachment(Shape):
    """A file on a task; `url` is where it is downloaded."""

    id: int
    task: int
    name: str
    size: int
    content_type: str
    sha256: str
    url: str
    uploaded_by: Person
    uploaded_at: datetime


def attachment_url(attachment_id: int) -> str:
    """Return the address of a file's content."""
    return f"{settings.BATON_BASE_URL}/api/attachments/{attachment_id}/download/"
