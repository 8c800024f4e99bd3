"""Reading the log in commit order, without gaps (ADR 0006).

An event's place is (transaction, id). On PostgreSQL transactions commit out of the order of their numbers, so a reader
stops at the horizon: below it every transaction has ended, and nothing can still appear there.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db import connection, models, transaction
from django.db.models import Max, QuerySet

from baton.core.models import Event, LogEra
from baton.core.models.event import ERA_BITS
from baton.lib.statements import Param

_LARGEST = 2**63 - 1


class Cursor(NamedTuple):
    """A place in the log: everything up to and including this event has been read."""

    transaction: int
    event_id: int

    def __str__(self) -> str:
        return f"{self.transaction}-{self.event_id}"

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Return the cursor that `text` spells; raises ValueError where it spells none."""
        transaction, dash, event_id = text.partition("-")
        if not (dash and transaction.isascii() and transaction.isdigit() and event_id.isascii() and event_id.isdigit()):
            raise ValueError("not a cursor")
        cursor = cls(int(transaction[:20]), int(event_id[:20]))
        if max(cursor) > _LARGEST or str(cursor) != text:
            raise ValueError("not a cursor")
        return cursor


START = Cursor(0, 0)
"""Before the first event."""


class Horizon(models.Func):
    """A number below which every transaction has ended; on SQLite, with one writer, all that is seen has.

    Asked again it may be lower, so what was read up to one end of the log must be read by that end, not by a new one.
    """

    output_field = models.BigIntegerField()
    arity = 0

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, tuple[()]]:
        """Return a number above every transaction."""
        return str(_LARGEST), ()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, tuple[()]]:
        """Return the call of the function that migration 0001 makes."""
        return "baton_log_horizon()", ()


def settled(events: QuerySet[Event]) -> QuerySet[Event]:
    """Return those of `events` that nothing can slip in before any more, in the order of the log."""
    return in_order(events.filter(transaction__lt=Horizon()))


def in_order(events: QuerySet[Event]) -> QuerySet[Event]:
    """Return `events` in the order of the log; up to a place that is settled nothing more can appear among them."""
    return events.order_by("transaction", "id")


class _ComparedPlace(models.Func):
    """An event's place compared with (transaction, id): one comparison of rows, as both databases find it in an index.

    Written as `transaction > … OR …` it would still be right, but PostgreSQL's planner, when it can't see the values,
    takes what lies between a cursor and the horizon for a two-hundredth of the log and sorts it all.
    """

    output_field = models.BooleanField()
    arity = 4
    operator: str

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:  # type: ignore[override]
        """Return the comparison."""
        columns, params = self._compile(compiler, self.get_source_expressions())
        return f"(({columns[0]}, {columns[1]}) {self.operator} ({columns[2]}, {columns[3]}))", params

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        """Return the same for a log whose transactions are all 0, where only this form is found in the index."""
        transaction, event_id, _, bound = self.get_source_expressions()
        columns, params = self._compile(compiler, [transaction, event_id, bound])
        return f"({columns[0]} = 0 AND {columns[1]} {self.operator} {columns[2]})", params

    @staticmethod
    def _compile(compiler: Any, expressions: Any) -> tuple[list[str], list[Any]]:
        parts = [compiler.compile(expression) for expression in expressions]
        return [sql for sql, _ in parts], [param for _, params in parts for param in params]


class _Behind(_ComparedPlace):
    operator = ">"


class _UpTo(_ComparedPlace):
    operator = "<="


def after(transaction: int | Param, event_id: int | Param) -> models.Func:
    """Return the condition "behind this place", for a queryset of events."""
    return _Behind(*_places(transaction, event_id))


def up_to(transaction: int | Param, event_id: int | Param) -> models.Func:
    """Return the condition "not behind this place", for a queryset of events."""
    return _UpTo(*_places(transaction, event_id))


def _places(*bound: int | Param) -> list[Any]:
    values = [models.Value(part) if isinstance(part, int) else part for part in bound]
    return [models.F("transaction"), models.F("id"), *values]


def read(cursor: Cursor, limit: int) -> list[Event]:
    """Return the next `limit` events behind `cursor`, whoever may see them: for reactions."""
    return list(settled(Event.objects.filter(after(*cursor)))[:limit])


def is_behind(cursor: Cursor) -> bool:
    """Is there anything to read behind `cursor`?"""
    return settled(Event.objects.filter(after(*cursor))).exists()


def has_unsettled() -> bool:
    """Is anything committed that can't be read yet, since an older transaction is still open?"""
    return Event.objects.filter(transaction__gte=Horizon()).exists()


def end_of_log() -> Cursor:
    """Return the place of the last settled event."""
    last = settled(Event.objects.all()).reverse().values_list("transaction", "id").first()
    return Cursor(*last) if last else START


def keep_order_after_restore() -> None:
    """Begin a new era where the log holds numbers that this cluster has not reached yet.

    A dump restored into another PostgreSQL cluster meets transaction ids that start again from below. Called after
    each migration and when a server starts; does nothing on SQLite or on a log in order.
    """
    if connection.vendor != "postgresql" or not _is_ahead_of_cluster():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        # Waits for whoever is writing events and lets nobody begin, so that no transaction writes in two eras.
        cursor.execute("LOCK TABLE core_event IN SHARE ROW EXCLUSIVE MODE")
        if _is_ahead_of_cluster():
            LogEra.objects.update_or_create(pk=1, defaults={"era": _era() + 1})


def _is_ahead_of_cluster() -> bool:
    """Does the log hold a number that no transaction of this cluster has had?"""
    newest = Event.objects.aggregate(newest=Max("transaction"))["newest"] or 0
    with connection.cursor() as cursor:
        # Not the horizon: that one also lies below the log while an old transaction is still writing.
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        unused: int = cursor.fetchone()[0]
    return newest >= (_era() << ERA_BITS) + unused


def _era() -> int:
    return LogEra.objects.filter(pk=1).values_list("era", flat=True).first() or 0
