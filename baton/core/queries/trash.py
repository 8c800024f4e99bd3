"""Asking what lies in the trash."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from baton.core.actor import Actor
from baton.core.policies.visibility import trashed_projects, trashed_tasks
from baton.core.queries import shapes
from baton.core.queries.keyset import Page
from baton.core.queries.listing import Slice


class _Place(NamedTuple):
    """Where a thing stands in the list; kinds are told apart where two things went into the trash at once."""

    trashed_at: datetime
    kind: str
    id: int


def list_trash(actor: Actor, page: Page, time_in_trash: timedelta, *, descending: bool) -> Slice[shapes.Trashed]:
    """Return a page of the tasks and projects that the actor sees in the trash, by when they went there."""
    turned = descending != page.backwards
    start = None if page.start is None else _Place(*page.start)
    found = [
        *_tasks(_part(trashed_tasks(actor).filter(project__trashed_at=None), "task", start, page.size + 1, turned)),
        *_projects(_part(trashed_projects(actor), "project", start, page.size + 1, turned)),
    ]
    found.sort(key=lambda pair: pair[0], reverse=turned)
    more, found = len(found) > page.size, found[: page.size]
    if page.backwards:
        found.reverse()
    if not found:
        return Slice([])
    has_next, has_previous = (True, more) if page.backwards else (more, start is not None)
    return Slice(
        [_with_end(thing, time_in_trash) for _, thing in found],
        found[-1][0] if has_next else None,
        found[0][0] if has_previous else None,
    )


def count_trash(actor: Actor) -> int:
    """Return how many things `list_trash` has."""
    tasks = trashed_tasks(actor).filter(project__trashed_at=None)
    return tasks.count() + trashed_projects(actor).count()


def _part(
    things: QuerySet[Any],
    kind: str,
    start: _Place | None,
    limit: int,
    descending: bool,  # noqa: FBT001  # the direction of the list
) -> QuerySet[Any]:
    """Return the things of one kind that may stand on the page."""
    sign, beyond = ("-", "lt") if descending else ("", "gt")
    if start is not None:
        behind = Q(**{f"trashed_at__{beyond}": start.trashed_at})
        if kind == start.kind:
            behind |= Q(trashed_at=start.trashed_at) & Q(**{f"pk__{beyond}": start.id})
        elif (kind < start.kind) == descending:
            behind |= Q(trashed_at=start.trashed_at)
        things = things.filter(behind)
    return things.order_by(f"{sign}trashed_at", f"{sign}pk")[:limit]


def _tasks(tasks: QuerySet[Any]) -> list[tuple[_Place, shapes.Trashed]]:
    rows = tasks.values_list("trashed_at", "pk", "project__key", "number", "title", "project_id")
    return [
        (_Place(at, "task", pk), shapes.Trashed("task", pk, f"{key}-{number}", title, project, at, at))
        for at, pk, key, number, title, project in rows
    ]


def _projects(projects: QuerySet[Any]) -> list[tuple[_Place, shapes.Trashed]]:
    rows = projects.values_list("trashed_at", "pk", "key", "name")
    return [
        (_Place(at, "project", pk), shapes.Trashed("project", pk, key, name, pk, at, at)) for at, pk, key, name in rows
    ]


def _with_end(thing: shapes.Trashed, time_in_trash: timedelta) -> shapes.Trashed:
    thing.expires_at = thing.trashed_at + time_in_trash
    return thing
