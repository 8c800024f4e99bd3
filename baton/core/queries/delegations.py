"""Asking for delegations."""

from __future__ import annotations

from django.db.models import QuerySet

from baton.core.actor import Actor
from baton.core.errors import NotFound
from baton.core.models import Delegation
from baton.core.policies.visibility import visible_delegations, visible_tasks
from baton.core.queries import shapes
from baton.core.queries.shapes import person_columns
from baton.lib.compiled import Row

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


def get_delegation(actor: Actor, delegation_id: int) -> shapes.Delegation:
    """Return a delegation. Raises NotFound where the actor doesn't see its task."""
    row = visible_delegations(actor).filter(pk=delegation_id).values_list(*COLUMNS).first()
    if row is None:
        raise NotFound
    return _delegation(row)


def list_delegations(actor: Actor, task_id: int) -> list[shapes.Delegation]:
    """Return the whole chain of a task's delegations, the first first. Raises NotFound."""
    if not visible_tasks(actor).filter(pk=task_id).exists():
        raise NotFound
    rows: QuerySet[Delegation, Row] = Delegation.objects.filter(task=task_id).order_by("id").values_list(*COLUMNS)
    return [_delegation(row) for row in rows]


def _delegation(row: Row) -> shapes.Delegation:
    return shapes.Delegation(row[0], row[1], shapes.Person(*row[8:12]), shapes.Person(*row[12:16]), *row[2:8])
