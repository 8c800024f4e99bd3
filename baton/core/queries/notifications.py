"""Asking for what one was told: hot reads, since clients poll them (ADR 0002)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Concat

from baton.core.actor import Actor
from baton.core.models import Notification
from baton.core.policies.visibility import notifications_seen_by, viewer_values
from baton.core.queries import shapes
from baton.core.queries.keyset import Key, Page, PageShape, apply
from baton.core.queries.listing import Slice, run_page
from baton.core.queries.shapes import person_columns, person_or_none
from baton.lib.compiled import COUNTED, LIMITED, Compiled
from baton.lib.statements import Param, Row

ORDERS = {
    "created_at": (Key("created_at"), Key("id")),
    "-created_at": (Key("created_at", descending=True), Key("id", descending=True)),
}
FILTERS = ("unread", "kind", "project", "task")
COLUMNS = (
    "id",
    "kind",
    "project_id",
    "project__key",
    "project__name",
    "task_id",
    "task_key",
    "task__title",
    *person_columns("actor__"),
    "event_id",
    "event__changes",
    "created_at",
    "read_at",
)


_Filters = frozenset[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class _Shape:
    """What of a list changes its SQL: which filters are set, and the page."""

    filters: _Filters
    page: PageShape


def list_notifications(
    actor: Actor, filters: Mapping[str, Any], ordering: str, page: Page
) -> Slice[shapes.Notification]:
    """Return a page of what the actor was told, the newest first for `-created_at`.

    `filters` are any of FILTERS; `unread` is a truth, the others are what a notification must have.
    """
    order = ORDERS[ordering]
    shape = _Shape(_set_ones(filters), PageShape.of(order, page))
    found = run_page(_LIST, shape, {**filters, **viewer_values(actor)}, page, len(order))
    return found.map(lambda rows: [_notification(row) for row in rows])


def count_notifications(actor: Actor, filters: Mapping[str, Any]) -> int:
    """Return how many notifications the filters leave."""
    count: int = _COUNT.rows(_set_ones(filters), {**filters, **viewer_values(actor)})[0][0]
    return count


def _set_ones(filters: Mapping[str, Any]) -> _Filters:
    """Return the names of the filters; of a truth also which one, since it is no parameter."""
    return frozenset((name, value is not False) for name, value in filters.items())


def _notification(row: Row) -> shapes.Notification:
    changes = row[13]
    return shapes.Notification(
        id=row[0],
        kind=row[1],
        project=None if row[2] is None else shapes.ProjectName(*row[2:5]),
        task=None if row[5] is None else shapes.TaskName(*row[5:8]),
        actor=person_or_none(row[8:12]),
        event=row[12],
        changes=(json.loads(changes) if isinstance(changes, str) else changes) or {},
        at=row[14],
        read_at=row[15],
    )


def _chosen(filters: _Filters) -> QuerySet[Notification]:
    rows = notifications_seen_by(Param("viewer"))
    for name, is_wanted in filters:
        rows = rows.filter(read_at__isnull=is_wanted) if name == "unread" else rows.filter(**{name: Param(name)})
    return rows


def _list(shape: _Shape) -> QuerySet[Notification, tuple[Any, ...]]:
    fields = [Notification._meta.get_field(key.column) for key in shape.page.order]
    key = Concat(F("task__project__key"), Value("-"), Cast("task__number", CharField()))
    rows = _chosen(shape.filters).annotate(task_key=key)
    return apply(rows, shape.page, fields).values_list(*COLUMNS, *(key.column for key in shape.page.order))


def _count(filters: _Filters) -> QuerySet[Notification, tuple[int]]:
    return _chosen(filters).values_list("pk")


_LIST = Compiled(_list, LIMITED)
_COUNT = Compiled(_count, COUNTED)
