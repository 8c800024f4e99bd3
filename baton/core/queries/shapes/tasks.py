"""Tasks, in full and in short, and what is counted over them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from baton.core.models import Priority, Status
from baton.core.queries.shapes.people import Person
from baton.core.queries.shapes.shape import Shape, one_of

StatusName = Annotated[str, one_of(*Status.values)]
PriorityName = Annotated[str, one_of(*(priority.name.lower() for priority in Priority))]


class Task(Shape):
    """A task with its people and labels."""

    id: int
    uuid: UUID
    key: str
    project: int
    title: str
    description: str
    status: StatusName
    priority: PriorityName
    assigned_to: Person | None
    assignees: list[Person]
    delegated: bool
    parent: int | None
    labels: list[str]
    due_date: datetime | None
    created_by: Person
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None
    comments_count: int
    attachments_count: int
    version: int


class InboxTask(Shape):
    """A task of one's own inbox, in short."""

    id: int
    uuid: UUID
    title: str
    description: str
    status: StatusName
    created_at: datetime
    updated_at: datetime
    version: int


class Statistics(Shape):
    """Counts over tasks."""

    total: int
    by_status: dict[str, int]
    by_priority: dict[str, int]
    overdue: int
    due_soon: int
    unassigned: int
    created_last_7_days: int
    completed_last_7_days: int
