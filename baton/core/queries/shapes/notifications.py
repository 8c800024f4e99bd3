"""What people are told."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from baton.core.models.notification import Kind, Mode
from baton.core.queries.shapes.people import Person
from baton.core.queries.shapes.shape import Shape, one_of

KindName = Annotated[str, one_of(*Kind.values)]
ModeName = Annotated[str, one_of(*Mode.values)]


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


class Hours(Shape):
    """When somebody gets letters, in their own time zone. `digest_weekday` 0 is Monday; quiet hours are `HH:MM`."""

    gather_minutes: int
    digest_hour: int
    digest_weekday: int
    quiet_from: str | None
    quiet_until: str | None


class NotificationSettings(Shape):
    """How somebody is told: of each kind, what they have said otherwise for single projects (by id), and when.

    `unwanted_letters` are others that they have switched off by their links.
    """

    modes: dict[KindName, ModeName]
    projects: dict[str, dict[KindName, ModeName]]
    hours: Hours
    unwanted_letters: list[str]
