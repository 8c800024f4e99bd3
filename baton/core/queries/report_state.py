"""The tasks of a project as they were when a period ended.

That is what their rows say, with each change undone that came after. So a report of last month says the same next
month, however the tasks have been moved along, put off or handed on since. Tasks count in the project they are in now,
and not at all while they are in the trash.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from baton.core.events.catalogue import CATALOGUE
from baton.core.events.facts.tasks import TaskCreated
from baton.core.models import Event, Priority, Status, Task


@dataclass(slots=True)
class TaskThen:
    """A task at the end of the period."""

    created_at: datetime
    status: str
    completed_at: datetime | None
    due_at: datetime | None
    priority: str
    lead_id: int | None

    @property
    def is_done(self) -> bool:
        """Was it done?"""
        return self.status == Status.DONE


def list_tasks_at(project_id: int, starts_at: datetime, ends_at: datetime, now: datetime) -> list[TaskThen]:
    """Return the tasks that were open at some time of the period: not those that were created later, or done earlier.

    Two statements where the period lies in the past, one where it doesn't.
    """
    tasks = _rows(project_id, starts_at, ends_at)
    if ends_at < now:
        _undo_what_came_after(tasks, project_id, ends_at)
    _reopen_what_was_done_later(tasks, ends_at)
    return [task for task in tasks.values() if not (task.completed_at and task.completed_at < starts_at)]


def _rows(project_id: int, starts_at: datetime, ends_at: datetime) -> dict[int, TaskThen]:
    # What was done before the period and is still done was no part of it: the archive of a large project stays unread.
    found = Task.objects.filter(
        Q(completed_at=None) | Q(completed_at__gte=starts_at),
        project=project_id,
        trashed_at=None,
        created_at__lt=ends_at,
    ).order_by()
    rows = found.values_list("id", "created_at", "status", "completed_at", "due_at", "priority", "lead_id")
    return {row[0]: TaskThen(*row[1:5], priority=_PRIORITIES[row[5]], lead_id=row[6]) for row in rows}


def _undo_what_came_after(tasks: dict[int, TaskThen], project_id: int, ends_at: datetime) -> None:
    """Take back what was changed after the end, the last change first."""
    for task_id, *changes in _changes_since(project_id, ends_at):
        if task := tasks.get(task_id):
            for (column, read), change in zip(_FIELDS.values(), changes, strict=True):
                if change is not None:
                    setattr(task, column, read(change[0]))


def _reopen_what_was_done_later(tasks: dict[int, TaskThen], ends_at: datetime) -> None:
    """See to what came from elsewhere with a time of completion and no history: it was open, nobody knows how far."""
    for task in tasks.values():
        if task.is_done and (task.completed_at is None or task.completed_at >= ends_at):
            task.status, task.completed_at = Status.TODO, None


def _changes_since(project_id: int, ends_at: datetime) -> QuerySet[Event, tuple[Any, ...]]:
    """Return a row for each change since, the last first: its task, and (old, new) of each field or None."""
    changes = Event.objects.filter(
        # Who changes a task writes down when, so an index finds the few that were changed since.
        task__project=project_id,
        task__trashed_at=None,
        task__updated_at__gte=ends_at,
        at__gte=ends_at,
        verb__in=_VERBS,
    )
    # A task's events are written under its lock, so the lower id is the earlier one.
    return changes.order_by("-id").values_list("task_id", *(f"changes__{field}" for field in _FIELDS))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _as_it_is(value: Any) -> Any:
    return value


_PRIORITIES = {priority.value: priority.name.lower() for priority in Priority}
_FIELDS = {
    "status": ("status", _as_it_is),
    "completed_at": ("completed_at", _moment),
    "due_date": ("due_at", _moment),
    "priority": ("priority", _as_it_is),
    "assigned_to": ("lead_id", _as_it_is),
}
_VERBS = [
    verb for verb, fact in CATALOGUE.items() if fact is not TaskCreated and not _FIELDS.keys().isdisjoint(fact.fields)
]
