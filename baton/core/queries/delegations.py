"""Asking for delegations."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from baton.core.actor import Actor
from baton.core.errors import NotFound
from baton.core.models import Delegation
from baton.core.policies.visibility import tasks_seen_by, viewer_values, visible_delegations, visible_tasks
from baton.core.queries import shapes
from baton.core.queries.keyset import Key, Page, PageShape, apply
from baton.core.queries.listing import Slice, run_page
from baton.core.queries.shapes import person_columns
from baton.lib.compiled import COUNTED, LIMITED, Compiled
from baton.lib.statements import Param, Row

COLUMNS = (
    "id",
    "task_id",
    "state",
    "note",
    "answer",
    "created_at",
    "answered_at",
    "version",
    *person_columns("giver__"),
    *person_columns("receiver__"),
)
ORDERS = {
    "created_at": (Key("created_at"), Key("id")),
    "-created_at": (Key("created_at", descending=True), Key("id", descending=True)),
}


def get_delegation(actor: Actor, delegation_id: int) -> shapes.Delegation:
    """Return a delegation. Raises NotFound where the actor doesn't see its task."""
    row = visible_delegations(actor).filter(pk=delegation_id).values_list(*COLUMNS).first()
    if row is None:
        raise NotFound
    return _delegation(row)


def list_delegations(actor: Actor, task_id: int, ordering: str, page: Page) -> Slice[shapes.Delegation]:
    """Return a page of a task's delegations, the oldest first for `created_at`. Raises NotFound."""
    order = ORDERS[ordering]
    values = {"task": task_id, **viewer_values(actor)}
    found = run_page(_LIST, PageShape.of(order, page), values, page, len(order))
    if not found.items and not visible_tasks(actor).filter(pk=task_id).exists():
        raise NotFound
    return found.map(lambda rows: [_delegation(row) for row in rows])


def count_delegations(actor: Actor, task_id: int) -> int:
    """Return how often a task was handed on, for an actor who sees it."""
    count: int = _COUNT.rows((), {"task": task_id, **viewer_values(actor)})[0][0]
    return count


def _delegation(row: Row) -> shapes.Delegation:
    return shapes.Delegation(row[0], row[1], shapes.Person(*row[8:12]), shapes.Person(*row[12:16]), *row[2:8])


def _seen() -> QuerySet[Delegation]:
    return Delegation.objects.filter(task=Param("task"), task__in=tasks_seen_by(Param("viewer")))


def _list(shape: PageShape) -> QuerySet[Delegation, tuple[Any, ...]]:
    fields = [Delegation._meta.get_field(key.column) for key in shape.order]
    return apply(_seen(), shape, fields).values_list(*COLUMNS, *(key.column for key in shape.order))


def _count(_shape: tuple[()]) -> QuerySet[Delegation, tuple[int]]:
    return _seen().values_list("pk")


_LIST = Compiled(_list, LIMITED)
_COUNT = Compiled(_count, COUNTED)
