"""From rows to tasks: the columns of a hot read, and what lies beside a task's row."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
from django.db.models import Case, OuterRef, QuerySet, When

from baton.core.models import Assignment, Priority, Task, TaskLabel
from baton.core.queries import shapes
from baton.core.queries.shapes import person_columns, person_or_none
from baton.lib.compiled import Compiled
from baton.lib.gathered import Gathered
from baton.lib.statements import Param, Row

COLUMNS = (
    "id",
    "uuid",
    "project__key",
    "number",
    "project_id",
    "title",
    "description",
    "status",
    "priority",
    "delegated",
    "parent_id",
    "due_at",
    "created_at",
    "updated_at",
    "completed_at",
    "comments_count",
    "attachments_count",
    "version",
    "assignees_count",
    "labels_count",
    *person_columns("lead__"),
    *person_columns("created_by__"),
)
PRIORITY_NAMES = {priority.value: priority.name.lower() for priority in Priority}


def whole_rows(tasks: QuerySet[Task]) -> QuerySet[Task, tuple[Any, ...]]:
    """Return `COLUMNS` of the tasks and what lies beside each, for `whole_task_of`."""
    people = Gathered(Assignment.objects.filter(task=OuterRef("pk")), "position", *person_columns("user__"))
    labels = Gathered(TaskLabel.objects.filter(task=OuterRef("pk")), "label__name")
    return tasks.values_list(
        *COLUMNS, Case(When(assignees_count__gt=1, then=people)), Case(When(labels_count__gt=0, then=labels))
    )


def whole_task_of(row: Row) -> shapes.Task:
    """Return the task of a row of `whole_rows`."""
    task = _task(row)
    people, labels = row[-2:]
    if people is not None:
        task.assignees = [shapes.Person(*cells) for _, *cells in sorted(msgspec.json.decode(people))]
    if labels is not None:
        task.labels = sorted(name for (name,) in msgspec.json.decode(labels))
    return task


def tasks_of(rows: Sequence[Row]) -> list[shapes.Task]:
    """Return the tasks of rows of `COLUMNS`, with one query more where any has several assignees, one for labels."""
    tasks = [_task(row) for row in rows]
    _add_assignees({row[0]: task for row, task in zip(rows, tasks, strict=True) if row[18] > 1})
    _add_labels({row[0]: task for row, task in zip(rows, tasks, strict=True) if row[19]})
    return tasks


def _task(row: Row) -> shapes.Task:
    lead = person_or_none(row[20:24])
    return shapes.Task(
        row[0],
        row[1],
        f"{row[2]}-{row[3]}",
        row[4],
        row[5],
        row[6],
        row[7],
        PRIORITY_NAMES[row[8]],
        lead,
        [lead] if lead else [],
        row[9],
        row[10],
        [],
        row[11],
        shapes.Person(*row[24:28]),
        row[12],
        row[13],
        row[14],
        row[15],
        row[16],
        row[17],
    )


def assignees_of(task_ids: Collection[int]) -> dict[int, list[shapes.Person]]:
    """Return who works on each of the tasks, in their order, with one query."""
    people: dict[int, list[shapes.Person]] = {task_id: [] for task_id in task_ids}
    for task_id, *cells in _ASSIGNEES.rows((), {"tasks": list(people)}) if people else ():
        people[task_id].append(shapes.Person(*cells))
    return people


def _add_assignees(tasks: dict[int, shapes.Task]) -> None:
    for task_id, people in assignees_of(tasks).items():
        tasks[task_id].assignees = people


def _add_labels(tasks: dict[int, shapes.Task]) -> None:
    if not tasks:
        return
    for task_id, name in _LABELS.rows((), {"tasks": list(tasks)}):
        tasks[task_id].labels.append(name)
    for task in tasks.values():
        task.labels.sort()  # here, since databases sort text each in their own way


def _assignees(_: tuple[()]) -> QuerySet[Assignment, tuple[int, int, str, str, str]]:
    rows = Assignment.objects.filter(task_id__any_of=Param("tasks")).order_by("task_id", "position")
    return rows.values_list("task_id", *person_columns("user__"))


def _labels(_: tuple[()]) -> QuerySet[TaskLabel, tuple[int, str]]:
    return TaskLabel.objects.filter(task_id__any_of=Param("tasks")).values_list("task_id", "label__name")


_ASSIGNEES = Compiled(_assignees)
_LABELS = Compiled(_labels)
