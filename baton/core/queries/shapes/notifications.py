"""What people are told."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from baton.core.models.notification import Kind
from baton.core.queries.shapes.people import Person
from baton.core.queries.shapes.shape import Shape, one_of

KindName = Annotated[str, one_of(*Kind.values)]


class TaskName(Shape):
    """A task in short."""

    id: int
    key: str
    title: str


class ProjectName(Shape):
    """A project in short."""

    id: int
    key: str
    name: str


class Notification(Shape):
    """What somebody is told: what happened (`kind`, and `changes` as the history shows them), where and by whom.

    `actor` is None where the clock tells it; `event` is the id of the event it follows from, if any.
    """

    id: int
    kind: KindName
    project: ProjectName | None
    task: TaskName | None
    actor: Person | None
    event: int | None
    changes: dict[str, Any]
    at: datetime
    read_at: datetime | None
