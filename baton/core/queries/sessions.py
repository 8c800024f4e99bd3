"""Asking for one's own sessions."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.models import Session
from baton.core.queries import shapes
from baton.core.queries.keyset import Key, Page, PageShape, apply
from baton.core.queries.listing import Slice, run_page
from baton.lib.compiled import COUNTED, LIMITED, Compiled
from baton.lib.statements import Param

COLUMNS = ("id", "audience", "user_agent", "address", "created_at", "used_at", "expires_at")
ORDERS = {
    "created_at": (Key("created_at"), Key("id")),
    "-created_at": (Key("created_at", descending=True), Key("id", descending=True)),
}


def list_sessions(actor: Actor, ordering: str, page: Page) -> Slice[shapes.Session]:
    """Return a page of the actor's open sessions, the newest first for `-created_at`."""
    order = ORDERS[ordering]
    found = run_page(_LIST, PageShape.of(order, page), _values(actor), page, len(order))
    return found.map(
        lambda rows: [
            shapes.Session(*row[:7], row[0] == actor.session_id)  # type: ignore[call-arg]  # a row is untyped
            for row in rows
        ]
    )


def count_sessions(actor: Actor) -> int:
    """Return how many open sessions the actor has."""
    count: int = _COUNT.rows((), _values(actor))[0][0]
    return count


def _values(actor: Actor) -> dict[str, Any]:
    return {"user": actor.user_id, "now": timezone.now()}


def _open() -> QuerySet[Session]:
    now = Param("now", Session._meta.get_field("expires_at"))
    return Session.objects.filter(user=Param("user"), ended_at=None, expires_at__gt=now)


def _list(shape: PageShape) -> QuerySet[Session, tuple[Any, ...]]:
    fields = [Session._meta.get_field(key.column) for key in shape.order]
    return apply(_open(), shape, fields).values_list(*COLUMNS, *(key.column for key in shape.order))


def _count(_: tuple[()]) -> QuerySet[Session, tuple[int]]:
    return _open().values_list("pk")


_LIST = Compiled(_list, LIMITED)
_COUNT = Compiled(_count, COUNTED)
