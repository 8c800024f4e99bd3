"""What can be said of a task, and whether it may be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from baton.core.commands.checks import TITLE_LENGTH, check_choice, check_line, check_moment, check_text
from baton.core.commands.task_assignment import People
from baton.core.commands.task_labels import check_labels
from baton.core.errors import FieldError
from baton.core.models import Priority, Status


class TaskFields(TypedDict, total=False):
    """What can be said of a task; what is absent stays as it is, or gets its default on a new task.

    `assignees` are user ids with the lead first; `assigned_to` is the lead alone and keeps the others.
    """

    project_id: int
    title: str
    description: str
    status: str
    priority: int
    assigned_to: int | None
    assignees: Sequence[int]
    labels: Sequence[str]
    parent_id: int | None
    due_at: datetime | None


def check_fields(fields: TaskFields) -> list[FieldError]:
    """Check the values that need no look at the database."""
    errors = []
    if "title" in fields:
        errors += check_line("/title", fields["title"], TITLE_LENGTH)
    if "description" in fields:
        errors += check_text("/description", fields["description"])
    if "status" in fields:
        errors += check_choice("/status", fields["status"], Status.values)
    if "priority" in fields:
        errors += check_choice("/priority", fields["priority"], Priority.values)
    if "labels" in fields:
        errors += check_labels(fields["labels"])
    return errors + check_moment("/due_date", fields.get("due_at"))


def people_of(fields: TaskFields) -> People:
    """Return what the fields say of who works on the task."""
    said: People = {}
    if "assignees" in fields:
        said["assignees"] = fields["assignees"]
    if "assigned_to" in fields:
        said["assigned_to"] = fields["assigned_to"]
    return said
