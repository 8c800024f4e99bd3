"""A project's tasks for spreadsheets and calendars."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import TextIOWrapper
from typing import IO

from django.db.models import QuerySet

from baton.core.actor import Actor
from baton.core.models import Assignment, Priority, Project, Task, TaskLabel
from baton.core.queries.archive import get_exportable_project
from baton.lib.calendars import Entry, write_calendar
from baton.lib.csv_cells import BOM, join_words, write_rows
from baton.lib.snapshot import one_state

COLUMNS = (
    "key",
    "title",
    "description",
    "status",
    "priority",
    "due_date",
    "assigned_to",
    "labels",
    "parent",
    "created_by",
    "created_at",
    "updated_at",
    "completed_at",
)
_AT_ONCE = 200


def write_csv(actor: Actor, project_id: int, out: IO[bytes]) -> None:
    """Write a row for each task of the project. Raises NotFound, Denied.

    With a byte order mark, without which Excel takes UTF-8 for something else.
    """
    text = TextIOWrapper(out, "utf-8", newline="")
    with one_state():
        project = get_exportable_project(actor, project_id)
        text.write(BOM)
        write_rows(text, _rows(project))
    text.flush()
    text.detach()


def write_project_calendar(actor: Actor, project_id: int, out: IO[bytes]) -> None:
    """Write the project's tasks as a calendar. Raises NotFound, Denied."""
    with one_state():
        project = get_exportable_project(actor, project_id)
        write_calendar(out, project.name, _project_entries(project))


def entries_of(tasks: list[Task]) -> Iterator[Entry]:
    """Yield calendar entries of tasks that came with their parents; their labels are looked up at once."""
    labels = _labels_of(tasks)
    for task in tasks:
        parent = _seen_parent(task)
        yield Entry(
            uid=str(task.uuid),
            title=task.title,
            description=task.description,
            status=task.status,
            priority=Priority(task.priority).name.lower(),
            categories=labels[task.pk],
            created_at=task.created_at,
            updated_at=task.updated_at,
            due_at=task.due_at,
            completed_at=task.completed_at,
            parent_uid=str(parent.uuid) if parent else None,
        )


def _rows(project: Project) -> Iterator[Iterable[str]]:
    yield COLUMNS
    for tasks in _chunks(project):
        people, labels = _people_of(tasks), _labels_of(tasks)
        for task in tasks:
            parent = _seen_parent(task)
            yield (
                f"{project.key}-{task.number}",
                task.title,
                task.description,
                task.status,
                Priority(task.priority).name.lower(),
                _moment(task.due_at),
                join_words(people[task.pk]),
                join_words(labels[task.pk]),
                f"{project.key}-{parent.number}" if parent else "",
                task.created_by.username,
                _moment(task.created_at),
                _moment(task.updated_at),
                _moment(task.completed_at),
            )


def _project_entries(project: Project) -> Iterator[Entry]:
    for tasks in _chunks(project):
        yield from entries_of(tasks)


def _chunks(project: Project) -> Iterator[list[Task]]:
    """Yield the tasks that are not in the trash, by number, some hundred at a time."""
    tasks: QuerySet[Task] = Task.objects.filter(project=project, trashed_at=None).order_by("number")
    last = 0
    while found := list(tasks.filter(number__gt=last).select_related("parent", "created_by")[:_AT_ONCE]):
        last = found[-1].number
        yield found


def _seen_parent(task: Task) -> Task | None:
    return task.parent if task.parent and task.parent.trashed_at is None else None


def _people_of(tasks: list[Task]) -> dict[int, list[str]]:
    rows = Assignment.objects.filter(task__in=tasks).order_by("task_id", "position")
    return _grouped(rows.values_list("task_id", "user__username"))


def _labels_of(tasks: list[Task]) -> dict[int, list[str]]:
    rows = TaskLabel.objects.filter(task__in=tasks).values_list("task_id", "label__name")
    return _grouped(sorted(rows))


def _grouped(rows: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for task, word in rows:
        found[task].append(word)
    return found


def _moment(moment: datetime | None) -> str:
    return moment.isoformat().replace("+00:00", "Z") if moment else ""
