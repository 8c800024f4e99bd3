"""Asking for one's own tasks, those of the inbox: hot reads, compiled once (ADR 0002)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Subquery, UUIDField

from baton.core.actor import Actor
from baton.core.errors import NotFound
from baton.core.models import Project, Task
from baton.core.policies.visibility import projects_seen_by, viewer_values
from baton.core.queries import shapes
from baton.core.queries.credentials import if_live, live_values, require_live
from baton.lib.compiled import NUMBERED, Compiled
from baton.lib.statements import Param

COLUMNS = ("id", "uuid", "title", "description", "status", "created_at", "updated_at", "version")


@dataclass(frozen=True, slots=True)
class NumberedPage:
    """Some tasks, and how many there are in all."""

    tasks: list[shapes.InboxTask]
    count: int


def get_inbox_task(actor: Actor, uuid: UUID) -> shapes.InboxTask:
    """Return a task of the actor's inbox. Raises NotFound, DeadCredential."""
    rows = _ONE.rows(actor.is_live, {"task": uuid, **viewer_values(actor), **live_values(actor)})
    if not rows:
        require_live(actor)
        raise NotFound
    return shapes.InboxTask(*rows[0])


def list_inbox(actor: Actor, number: int, size: int) -> NumberedPage:
    """Return the page of this number (from 1) of the actor's inbox, the oldest task first.

    Raises DeadCredential, and NotFound for a page behind the last one; the first may be empty.
    """
    page = {"offset": (number - 1) * size, "limit": size}
    rows = _LIST.rows(actor.is_live, {**page, **viewer_values(actor), **live_values(actor)})
    if not rows:
        require_live(actor)
        if number > 1:
            raise NotFound
    return NumberedPage([shapes.InboxTask(*row[:-1]) for row in rows], rows[0][-1] if rows else 0)


def find_heard_of(inbox_id: int, task_id: int) -> tuple[shapes.InboxTask, bool] | None:
    """Return a task that somebody hears of through their inbox, and whether it is still theirs.

    It may be in the trash by now, or in another project, where they may not see it. None where it was deleted for good.
    """
    rows = _HEARD_OF.rows((), {"task": task_id})
    if not rows:
        return None
    *columns, project_id = rows[0]
    return shapes.InboxTask(*columns), project_id == inbox_id


def _inbox() -> QuerySet[Project]:
    viewer = Param("viewer")
    return projects_seen_by(viewer).filter(owner=viewer, is_inbox=True)


def _tasks(*, is_live: bool) -> QuerySet[Task]:
    # The inbox as a value, and not as a join, has its tasks read in the order of their index.
    return Task.objects.filter(if_live(is_live=is_live), project=Subquery(_inbox().values("pk")[:1]), trashed_at=None)


def _one(is_live: bool) -> QuerySet[Task, tuple[Any, ...]]:  # noqa: FBT001 - the shape of a compiled query
    return _tasks(is_live=is_live).filter(uuid=Param("task", UUIDField())).values_list(*COLUMNS)


def _list(is_live: bool) -> QuerySet[Task, tuple[Any, ...]]:  # noqa: FBT001 - the shape of a compiled query
    tasks = _tasks(is_live=is_live).order_by("created_at", "id")
    return tasks.values_list(*COLUMNS, "project__tasks_count")


def _heard_of(_: tuple[()]) -> QuerySet[Task, tuple[Any, ...]]:
    return Task.objects.filter(pk=Param("task")).values_list(*COLUMNS, "project_id")


_ONE = Compiled(_one)
_LIST = Compiled(_list, NUMBERED)
_HEARD_OF = Compiled(_heard_of)
