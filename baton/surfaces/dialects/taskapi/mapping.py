"""Between the core's tasks and the original's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

from baton.surfaces.wire.dialects.projection import StatusProjection, show_date

COMPLETED = "сompleted"
"""The original's word: its first letter is Cyrillic."""

STATUS = StatusProjection(
    shown={
        "todo": "new",
        "planned": "planned",
        "in_progress": "in_work",
        "review": "in_work",
        "done": COMPLETED,
    },
    read={
        "new": "todo",
        "planned": "planned",
        "in_work": "in_progress",
        COMPLETED: "done",
        "completed": "done",
    },
)


class Shown(Protocol):
    """What of a task this dialect shows."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def title(self) -> str:
        """Its name."""

    @property
    def description(self) -> str:
        """Its description."""

    @property
    def status(self) -> str:
        """The core's state."""

    @property
    def due_at(self) -> datetime | None:
        """When it is due."""


def show_task(task: Shown) -> dict[str, object]:
    """Return a task as the original showed it; `completion_at` is absent where there is none."""
    shown: dict[str, object] = {
        "id": task.id,
        "name": task.title,
        "description": task.description,
        "status": STATUS.show(task.status),
    }
    if task.due_at is not None:
        shown["completion_at"] = show_completion(task.due_at)
    return shown


def show_completion(due_at: datetime | None) -> str | None:
    """Return the day of a due time as dd-mm-YYYY."""
    day = show_date(due_at)
    return None if day is None else f"{day.day:02}-{day.month:02}-{day.year:04}"


def show_time(at: datetime) -> str:
    """Return a time as the original's log wrote it: the server's own, which is UTC, without saying so."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
