"""Asking the event log: a task's history, and everything behind a cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec
from django.db.models import QuerySet

from baton.core.actor import Actor
from baton.core.errors import Invalid, NotFound
from baton.core.events import log
from baton.core.events.log import Cursor
from baton.core.models import Event, Member
from baton.core.policies.visibility import (
    events_of_all_seen_by,
    events_seen_by,
    tasks_seen_by,
    viewer_values,
    visible_projects,
    visible_tasks,
)
from baton.core.queries import shapes
from baton.core.queries.credentials import if_live, live_values, require_live
from baton.core.queries.keyset import Key, Page, PageShape, apply
from baton.core.queries.listing import Slice, run_page
from baton.core.queries.shapes import person_columns, person_or_none
from baton.lib.compiled import COUNTED, LIMITED, Compiled
from baton.lib.statements import Param, Row

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
    values = {"task": task_id, **viewer_values(actor), **live_values(actor)}
    found = run_page(_HISTORY, shape, values, page, len(order))
    if not found.items:
        require_live(actor)
        if not visible_tasks(actor).filter(pk=task_id).exists():
            raise NotFound
    return found.map(_events_of)


def list_events(
    actor: Actor,
    after: Cursor,
    limit: int,
    *,
    project_id: int | None = None,
    project_ids: Sequence[int] = (),
    until: Cursor | None = None,
) -> list[shapes.Event]:
    """Return at most `limit` events behind `after` that the actor sees, in commit order. Raises DeadCredential.

    Only of one project, or of some, where they are given. None of them is behind `until`, a place known to be settled,
    or else behind what is settled now.
    """
    shape = _LogShape(actor.is_live, project_id is not None, bool(project_ids), until is not None)
    values = {
        "transaction": after.transaction,
        "event": after.event_id,
        "until_transaction": until and until.transaction,
        "until_event": until and until.event_id,
        "project": project_id,
        "projects": list(project_ids),
        **viewer_values(actor),
        "limit": limit,
        **live_values(actor),
    }
    rows = _LOG.rows(shape, values)
    if not rows:
        require_live(actor)
    return _events_of(rows)


def poll_events(actor: Actor, after: Cursor | None, size: int, *, project_id: int | None = None) -> EventPage:
    """Return the next `size` events behind `after` (None: from the first) that the actor sees, and where to go on.

    Raises DeadCredential, UnknownCursor, and NotFound for a project whose events the actor doesn't see.
    """
    # A page that isn't full goes on from the end, and not from the last event seen: that spares a quiet reader the
    # events of all others the next time. What is written meanwhile lies behind this end, and is not passed over.
    end = find_end()
    events = list_events(actor, after or log.START, size + 1, project_id=project_id, until=end)
    if after is not None and not is_known(after):
        raise UnknownCursor
    if not events:
        _require_project(actor, project_id)
    shown = events[:size]
    has_more = len(events) > size
    return EventPage(shown, Cursor.parse(shown[-1].cursor) if has_more else max(end, after or end), has_more=has_more)


def count_history(actor: Actor, task_id: int) -> int:
    """Return how many events a task's history has, for an actor who sees it."""
    count: int = _HISTORY_COUNT.rows((), {"task": task_id, **viewer_values(actor)})[0][0]
    return count


def get_event(event: Event) -> shapes.Event:
    """Return an event as it is shown. The caller knows that the actor sees it."""
    row = Event.objects.filter(pk=event.pk).values_list(*COLUMNS).get()
    shown = list(row)
    for index in (COLUMNS.index("changes"), COLUMNS.index("data")):
        shown[index] = msgspec.json.encode(shown[index]).decode()  # the ORM has parsed what a compiled query leaves
    return event_of(tuple(shown))


def is_known(cursor: Cursor) -> bool:
    """Is this the place of an event of the log, or its start?"""
    return cursor == log.START or bool(_KNOWN.rows((), cursor._asdict()))


def find_end() -> Cursor:
    """Return the place of the last settled event, or the start of an empty log."""
    rows = _END.rows((), {"limit": 1})
    return Cursor(*rows[0]) if rows else log.START


class UnknownCursor(Invalid):
    """No event has this place in the log: it was made up, or belongs to another log."""

    code = "invalid_cursor"
    detail = "The cursor is none of this event log."


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some events in commit order, the place behind them, and whether more have happened."""

    events: list[shapes.Event]
    cursor: Cursor
    has_more: bool


def _require_project(actor: Actor, project_id: int | None) -> None:
    """Raise NotFound for a project that the actor neither sees nor, where it is in the trash, belongs to."""
    if project_id is None or visible_projects(actor).filter(pk=project_id).exists():
        return
    is_member = Member.objects.filter(project=project_id, user=actor.user_id).exists()
    if not is_member or actor.project_id not in (None, project_id):
        raise NotFound(f"There is no project {project_id}, or you may not see it.")


class _HistoryShape(NamedTuple):
    is_live: bool
    page: PageShape


class _LogShape(NamedTuple):
    is_live: bool
    has_project: bool
    has_projects: bool
    has_end: bool


def _events_of(rows: list[Row]) -> list[shapes.Event]:
    return [event_of(row) for row in rows]


def event_of(row: Row) -> shapes.Event:
    """Return the event of a row of `COLUMNS`, from a compiled query."""
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


def _history_count(_shape: tuple[()]) -> QuerySet[Event, tuple[int]]:
    seen = Event.objects.filter(task=Param("task"), task__in=tasks_seen_by(Param("viewer")))
    return seen.values_list("pk")


def _known(_shape: tuple[()]) -> QuerySet[Event, tuple[int]]:
    return Event.objects.filter(pk=Param("event_id"), transaction=Param("transaction")).values_list("pk")


def _end(_shape: tuple[()]) -> QuerySet[Event, tuple[int, int]]:
    return log.settled(Event.objects.all()).reverse().values_list("transaction", "id")


def _log(shape: _LogShape) -> QuerySet[Event, tuple[Any, ...]]:
    if shape.has_project:
        seen = events_seen_by(Param("viewer")).filter(project=Param("project"))
    else:
        seen = events_of_all_seen_by(Param("viewer"))
    if shape.has_projects:
        seen = seen.filter(project_id__any_of=Param("projects"))
    behind = seen.filter(if_live(is_live=shape.is_live), log.after(Param("transaction"), Param("event")))
    if shape.has_end:
        end = log.up_to(Param("until_transaction"), Param("until_event"))
        return log.in_order(behind.filter(end)).values_list(*COLUMNS)
    return log.settled(behind).values_list(*COLUMNS)


_HISTORY = Compiled(_history, LIMITED)
_HISTORY_COUNT = Compiled(_history_count, COUNTED)
_KNOWN = Compiled(_known)
_END = Compiled(_end, LIMITED)
_LOG = Compiled(_log, LIMITED)
