"""Tasks in brief: for surfaces that show little of a task, and all of a place at once since they know no pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from django.db.models import CharField, Field, Q, QuerySet, Subquery, UUIDField

from baton.core.actor import Actor
from baton.core.errors import NotFound
from baton.core.models import Project, Task
from baton.core.policies.visibility import tasks_seen_by, viewer_values
from baton.core.queries.credentials import if_live, live_values, require_live
from baton.core.queries.task_filters import Name, TaskFilters, condition, names_of, values_of
from baton.lib.compiled import Compiled
from baton.lib.statements import Param

COLUMNS = ("id", "title", "description", "status", "due_at", "lead_id", "lead__username", "created_by__username")


class Place(NamedTuple):
    """A project by what it is known by; `INBOX` is whose it is that asks."""

    known_by: Literal["inbox", "key", "uuid"]
    value: str | UUID | None = None


INBOX = Place("inbox")


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


def get_brief_task(actor: Actor, place: Place, task_id: int) -> BriefTask:
    """Return a task that lies in this place. Raises NotFound, DeadCredential."""
    found = _ask(actor, place, {}, task_id)
    if not found:
        raise NotFound
    return found[0]


def list_brief_tasks(actor: Actor, place: Place, filters: TaskFilters) -> list[BriefTask]:
    """Return all tasks of a place, the oldest first; nothing where the actor doesn't see it. Raises DeadCredential."""
    return _ask(actor, place, filters, None)


def list_leads(place: Place) -> list[int]:
    """Return the ids of the active users who lead tasks of a project, done ones too; in the trash nothing is led."""
    tasks = Task.objects.filter(
        **{f"project__{place.known_by}": place.value}, project__trashed_at=None, trashed_at=None, lead__is_active=True
    )
    return sorted(tasks.values_list("lead__pk", flat=True).distinct())


class _Shape(NamedTuple):
    is_live: bool
    has_session: bool
    known_by: Literal["inbox", "key", "uuid"]
    is_one: bool
    filters: tuple[Name, ...]


def _ask(actor: Actor, place: Place, filters: TaskFilters, task_id: int | None) -> list[BriefTask]:
    has_session = actor.session_id is not None
    shape = _Shape(actor.is_live, has_session, place.known_by, task_id is not None, names_of(filters))
    values = {"place": place.value, "task": task_id, **values_of(filters)}
    rows = _TASKS.rows(shape, {**values, **viewer_values(actor), **live_values(actor)})
    if not rows:
        require_live(actor)
    return [BriefTask(*row) for row in rows]


def _tasks(shape: _Shape) -> QuerySet[Task, tuple[Any, ...]]:
    tasks = tasks_seen_by(Param("viewer")).filter(lies_in(shape.known_by), condition(shape.filters))
    if shape.is_one:
        tasks = tasks.filter(pk=Param("task"))
    alive = if_live(is_live=shape.is_live, has_session=shape.has_session)
    return tasks.filter(alive).order_by("id").values_list(*COLUMNS)


def lies_in(known_by: Literal["inbox", "key", "uuid"]) -> Q:
    """Return the condition that a task lies in a place, whose value is the parameter `place`."""
    if known_by == "inbox":
        found = Project.objects.filter(is_inbox=True, owner=Param("viewer"))
    else:
        found = Project.objects.filter(**{known_by: Param("place", _FIELDS[known_by])})
    # The project as a value, and not as a join, has its tasks read by their index.
    return Q(project=Subquery(found.values("pk")[:1]))


def _inbox(_: tuple[()]) -> QuerySet[Project, tuple[int]]:
    return Project.objects.filter(owner=Param("viewer"), is_inbox=True).values_list("pk")


_FIELDS: Mapping[str, Field[Any, Any]] = {"key": CharField(), "uuid": UUIDField()}
_TASKS = Compiled(_tasks)
_INBOX = Compiled(_inbox)
