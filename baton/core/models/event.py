"""The event log: history, outbox and stream cursor in one append-only table (ADR 0006)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.sql.compiler import SQLCompiler

from baton.lib.many_rows import OncePerStatement

ERA_BITS = 44


class TransactionNumber(OncePerStatement):
    """The number of the present transaction, the first half of an event's place in the log.

    PostgreSQL: era and transaction id (migration 0001 makes the function). SQLite has one writer at a time, so the
    row's id alone is commit order, and every row's transaction is 0.
    """

    output_field = models.BigIntegerField()
    arity = 0

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **extra: Any) -> tuple[str, tuple[()]]:
        """Return the constant of a database with a single writer."""
        return "0", ()

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **extra: Any) -> tuple[str, tuple[()]]:
        """Return the call of the function that migration 0001 makes."""
        return "baton_log_transaction()", ()


class LogEra(models.Model):
    """One row. Raised when a log is restored into a PostgreSQL cluster whose transaction ids start lower."""

    era = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"era {self.era}"


class Event(models.Model):
    """One fact of history. Readers order by (transaction, id), below the horizon (`events.log`).

    What it points at may be gone one day, the fact stays: hence no database constraint on its references. `user` is
    the person an event is about where it belongs to no project, and then nobody else sees it.
    """

    transaction = models.BigIntegerField(db_default=TransactionNumber(), editable=False)
    verb = models.CharField(max_length=40)
    project = models.ForeignKey(
        "core.Project", models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    task = models.ForeignKey(
        "core.Task", models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    at = models.DateTimeField()
    surface = models.CharField(max_length=20)
    request_id = models.CharField(max_length=64, blank=True)
    changes = models.JSONField(default=dict)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = (
            models.Index(fields=["transaction", "id"], name="event_in_order"),
            models.Index(fields=["project", "transaction", "id"], name="event_of_project"),
            models.Index(fields=["task", "transaction", "id"], name="event_of_task"),
            models.Index(fields=["user", "transaction", "id"], condition=models.Q(project=None), name="event_of_user"),
        )

    def __str__(self) -> str:
        return f"{self.verb} {self.transaction}-{self.pk}"
