"""A project's board: its tasks by status, each column in rank order."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet

from baton.core.actor import Actor
from baton.core.errors import NotFound
from baton.core.models import Project, Status, Task
from baton.core.policies.visibility import projects_seen_by, viewer_values
from baton.core.queries import shapes
from baton.core.queries.credentials import if_live, live_values, require_live
from baton.core.queries.task_rows import COLUMNS, tasks_of
from baton.lib.compiled import LIMITED, Compiled
from baton.lib.statements import Param, Row

COLUMN_LIMIT = 1000
"""The most tasks of a column; `count` tells of the rest, the list of tasks shows them."""
DONE_LIMIT = 50
"""So many of the done tasks stand on the board, the last ones completed, unless all are asked for."""

PROJECT_COLUMNS = shapes.BoardProject.__struct_fields__
_RANK = len(COLUMNS)


def get_board(actor: Actor, project_id: int, *, with_all_done: bool = False) -> shapes.Board:
    """Return the board. Raises NotFound where the actor doesn't see the project, DeadCredential."""
    values = {"project": project_id, **viewer_values(actor), **live_values(actor)}
    found = _PROJECT.rows(actor.is_live, values)
    if not found:
        require_live(actor)
        raise NotFound
    rows, is_whole = _rows(project_id, with_all_done=with_all_done)
    columns = {status: shapes.BoardColumn(status, [], 0) for status in Status.values}
    for task in tasks_of(rows):
        columns[task.status].tasks.append(task)
    for column in columns.values():
        column.count = len(column.tasks)
    if not is_whole:
        for status, count in _COUNTS.rows((), {"project": project_id}):
            columns[status].count = count
    return shapes.Board(shapes.BoardProject(*found[0]), list(columns.values()))


def _rows(project_id: int, *, with_all_done: bool) -> tuple[list[Row], bool]:
    """Return the rows of the tasks to be shown in rank order, and whether they are all there are."""
    done_limit = COLUMN_LIMIT if with_all_done else DONE_LIMIT
    open_ones = _OPEN.rows((), {"project": project_id, "limit": COLUMN_LIMIT + 1})
    done = _DONE.rows((), {"project": project_id, "limit": done_limit + 1})
    is_whole = len(open_ones) <= COLUMN_LIMIT and len(done) <= done_limit
    if len(open_ones) > COLUMN_LIMIT:
        open_ones = _column_by_column(project_id)
    return [*open_ones, *sorted(done[:done_limit], key=lambda row: row[_RANK])], is_whole


def _column_by_column(project_id: int) -> list[Row]:
    """Return the first tasks of each open column, where one could take up all the room."""
    statuses = [status for status in Status.values if status != Status.DONE]
    values = {"project": project_id, "limit": COLUMN_LIMIT}
    return [row for status in statuses for row in _COLUMN.rows((), {**values, "status": status})]


def _project(is_live: bool) -> QuerySet[Project, Row]:  # noqa: FBT001 - the shape of a compiled query
    seen = projects_seen_by(Param("viewer")).filter(if_live(is_live=is_live), pk=Param("project"))
    return seen.values_list(*PROJECT_COLUMNS)


def _tasks() -> QuerySet[Task]:
    """Return the tasks of a project that the actor has just been found to see."""
    return Task.objects.filter(project=Param("project"), trashed_at=None)


def _open(_: tuple[()]) -> QuerySet[Task, Row]:
    # By the time of completion, which only done tasks have, since the index of open tasks is made so.
    return _tasks().filter(completed_at=None).order_by("rank").values_list(*COLUMNS, "rank")


def _done(_: tuple[()]) -> QuerySet[Task, Row]:
    done = _tasks().filter(completed_at__isnull=False)
    return done.order_by("-completed_at", "-id").values_list(*COLUMNS, "rank")


def _column(_: tuple[()]) -> QuerySet[Task, Row]:
    column = _tasks().filter(completed_at=None, status=Param("status"))
    return column.order_by("rank").values_list(*COLUMNS, "rank")


def _counts(_: tuple[()]) -> QuerySet[Task, tuple[Any, ...]]:
    return _tasks().order_by().values("status").annotate(count=Count("pk")).values_list("status", "count")


_PROJECT = Compiled(_project)
_OPEN = Compiled(_open, LIMITED)
_DONE = Compiled(_done, LIMITED)
_COLUMN = Compiled(_column, LIMITED)
_COUNTS = Compiled(_counts)
