"""Asking the event log: a task's history, and everything behind a cursor."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec
from django.db.models import QuerySet

from baton.core.actor import Actor
from baton.core.errors import NotFound
from baton.core.events import log
from baton.core.events.log import Cursor
from baton.core.models import Event
from baton.core.policies.visibility import events_seen_by, tasks_seen_by, visible_tasks
from baton.core.queries import shapes
from baton.core.queries.credentials import if_live, live_values, require_live
from baton.core.queries.keyset import Key, Page, PageShape, apply
from baton.core.queries.listing import Slice, run_page
from baton.core.queries.shapes import person_columns, person_or_none
from baton.lib.compiled import LIMITED, Compiled, Param, Row

COLUMNS = (
    "transaction",
    "id",
    "verb",
    "project_id",
    "task_id",
    "at",
    "changes",
    "data",
    "request_id",
    *person_columns("actor__"),
)
HISTORY_ORDERS = {
    "cursor": (Key("transaction"), Key("id")),
    "-cursor": (Key("transaction", descending=True), Key("id", descending=True)),
}


def list_history(actor: Actor, task_id: int, ordering: str, page: Page) -> Slice[shapes.Event]:
    """Return a page of what happened to a task, the oldest first for `cursor`. Raises NotFound, DeadCredential.

    One task's events are written under its lock, so they are in order as soon as they are seen.
    """
    order = HISTORY_ORDERS[ordering]
    shape = _HistoryShape(actor.is_live, PageShape.of(order, page))
    values = {"task": task_id, "viewer": actor.user_id, **live_values(actor)}
    found = run_page(_HISTORY, shape, values, page, len(order))
    if not found.items:
        require_live(actor)
        if not visible_tasks(actor).filter(pk=task_id).exists():
            raise NotFound
    return found.map(_events_of)


def list_events(actor: Actor, after: Cursor, limit: int, *, project_id: int | None = None) -> list[shapes.Event]:
    """Return at most `limit` events behind `after` that the actor sees, in commit order. Raises DeadCredential."""
    shape = _LogShape(actor.is_live, project_id is not None)
    values = {
        "transaction": after.transaction,
        "event": after.event_id,
        "project": project_id,
        "viewer": actor.user_id,
        "limit": limit,
        **live_values(actor),
    }
    rows = _LOG.rows(shape, values)
    if not rows:
        require_live(actor)
    return _events_of(rows)


class _HistoryShape(NamedTuple):
    is_live: bool
    page: PageShape


class _LogShape(NamedTuple):
    is_live: bool
    has_project: bool


def _events_of(rows: list[Row]) -> list[shapes.Event]:
    return [_event(row) for row in rows]


def _event(row: Row) -> shapes.Event:
    return shapes.Event(
        f"{row[0]}-{row[1]}",
        row[1],
        row[2],
        row[3],
        row[4],
        person_or_none(row[9:13]),
        row[5],
        msgspec.Raw(row[6].encode()),
        msgspec.Raw(row[7].encode()),
        row[8],
    )


def _history(shape: _HistoryShape) -> QuerySet[Event, tuple[Any, ...]]:
    order = shape.page.order
    events = Event.objects.filter(
        if_live(is_live=shape.is_live), task=Param("task"), task__in=tasks_seen_by(Param("viewer"))
    )
    fields = [Event._meta.get_field(key.column) for key in order]
    return apply(events, shape.page, fields).values_list(*COLUMNS, *(key.column for key in order))


def _log(shape: _LogShape) -> QuerySet[Event, tuple[Any, ...]]:
    seen = events_seen_by(Param("viewer")).filter(
        if_live(is_live=shape.is_live), log.after(Param("transaction"), Param("event"))
    )
    if shape.has_project:
        seen = seen.filter(project=Param("project"))
    return log.settled(seen).values_list(*COLUMNS)


_HISTORY = Compiled(_history, LIMITED)
_LOG = Compiled(_log, LIMITED)
