"""Can this process serve requests? The database answers, its schema is ours, and what works beside us is alive."""

from __future__ import annotations

from dataclasses import dataclass, field

import structlog
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from baton.lib import heartbeat

log = structlog.get_logger(__name__)

# Unapplied migrations are looked for until there are none; after that, only a new release brings some.
_migrated = False


@dataclass(slots=True)
class Readiness:
    """What was looked at, each with `ok` or what is wrong."""

    checks: dict[str, str] = field(default_factory=dict)

    @property
    def is_ready(self) -> bool:
        """Is everything as it should be?"""
        return all(result == "ok" for result in self.checks.values())

    def as_dict(self) -> dict[str, object]:
        """Return the wire form."""
        return {"status": "ok" if self.is_ready else "unready", "checks": self.checks}


def look() -> Readiness:
    """Look at everything that readiness depends on; never raises."""
    found = Readiness()
    found.checks["database"] = _check_database()
    if found.checks["database"] == "ok":
        found.checks["migrations"] = _check_migrations()
    for name in heartbeat.list_expected():
        found.checks[name] = "ok"
    for name in heartbeat.list_missing():
        found.checks[name] = "no sign of life"
    return found


def _check_database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError as error:
        # The reason may name hosts and people: it is for the log, not for whoever asks.
        log.warning("readiness.database_unreachable", error=str(error))
        connection.close()
        return "unreachable"
    return "ok"


def _check_migrations() -> str:
    global _migrated
    if _migrated:
        return "ok"
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        log.warning("readiness.migrations_unknown", error=str(error))
        return "unknown"
    if waiting:
        return f"{len(waiting)} not applied: run migrate"
    _migrated = True
    return "ok"
