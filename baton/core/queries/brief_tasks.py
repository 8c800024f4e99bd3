"""Tasks in brief: for surfaces that show little of a task, and all of a place at once since they know no pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from baton.core.actor import Actor
from baton.core.errors import NotFound
from baton.core.models import Project, Task
from baton.core.policies.visibility import tasks_seen_by, viewer_values
from baton.core.queries.credentials import if_live, live_values, require_live
from baton.core.queries.task_filters import Name, TaskFilters, condition, names_of, values_of
from baton.lib.compiled import Compiled, Param

COLUMNS = ("id", "title", "description", "status", "due_at", "lead_id", "lead__username", "created_by__username")


class BriefTask(NamedTuple):
    """What can be said of a task in a few words."""

    id: int
    title: str
    description: str
    status: str
    due_at: datetime | None
    lead_id: int | None
    lead: str | None
    created_by: str


def find_inbox(actor: Actor) -> int | None:
    """Return the id of the actor's inbox; accounts that no registration made may lack one."""
    rows = _INBOX.rows((), {"viewer": actor.user_id})
    return rows[0][0] if rows else None


def get_brief_task(actor: Actor, project_id: int | None, task_id: int) -> BriefTask:
    """Return a task of the project, or (None) of the actor's own inbox. Raises NotFound, DeadCredential."""
    found = _ask(actor, project_id, {}, task_id)
    if not found:
        raise NotFound
    return found[0]


def list_brief_tasks(actor: Actor, project_id: int | None, filters: TaskFilters) -> list[BriefTask]:
    """Return all tasks of the project, or (None) of the actor's own inbox, the oldest first.

    Somebody who doesn't see the project finds nothing in it. Raises DeadCredential.
    """
    return _ask(actor, project_id, filters, None)


class _Shape(NamedTuple):
    is_live: bool
    has_session: bool
    is_inbox: bool
    is_one: bool
    filters: tuple[Name, ...]


def _ask(actor: Actor, project_id: int | None, filters: TaskFilters, task_id: int | None) -> list[BriefTask]:
    has_session = actor.session_id is not None
    shape = _Shape(actor.is_live, has_session, project_id is None, task_id is not None, names_of(filters))
    values = {"project": project_id, "task": task_id, **values_of(filters)}
    rows = _TASKS.rows(shape, {**values, **viewer_values(actor), **live_values(actor)})
    if not rows:
        require_live(actor)
    return [BriefTask(*row) for row in rows]


def _tasks(shape: _Shape) -> QuerySet[Task, tuple[Any, ...]]:
    seen = tasks_seen_by(Param("viewer"))
    if shape.is_inbox:
        tasks = seen.filter(project__is_inbox=True, project__owner=Param("viewer"))
    else:
        tasks = seen.filter(project=Param("project"))
    if shape.is_one:
        tasks = tasks.filter(pk=Param("task"))
    alive = if_live(is_live=shape.is_live, has_session=shape.has_session)
    return tasks.filter(alive, condition(shape.filters)).order_by("id").values_list(*COLUMNS)


def _inbox(_: tuple[()]) -> QuerySet[Project, tuple[int]]:
    return Project.objects.filter(owner=Param("viewer"), is_inbox=True).values_list("pk")


_TASKS = Compiled(_tasks)
_INBOX = Compiled(_inbox)
