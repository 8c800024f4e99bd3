"""Can this process serve requests? The database answers, its schema is ours, and what works beside us is alive."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import structlog
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from baton.lib import heartbeat
from baton.surfaces.health.follower import count_seconds_behind

log = structlog.get_logger(__name__)

_BUDGET_SECONDS = 1.0
_asker = ThreadPoolExecutor(1, thread_name_prefix="readiness")

# Unapplied migrations are looked for until there are none; after that, only a new release brings some.
_migrated = threading.Event()


@dataclass(slots=True)
class Readiness:
    """What was looked at, each with `ok` or what is wrong.

    How far the reactions are behind is told but decides nothing: requests are answered all the same, and taking the
    web away because a worker stands still would make one trouble two.
    """

    checks: dict[str, str] = field(default_factory=dict)
    log_seconds_behind: float | None = None

    @property
    def is_ready(self) -> bool:
        """Is everything as it should be?"""
        return all(result == "ok" for result in self.checks.values())

    def as_dict(self) -> dict[str, object]:
        """Return the wire form."""
        return {
            "status": "ok" if self.is_ready else "unready",
            "checks": self.checks,
            "log_seconds_behind": self.log_seconds_behind,
        }


def look() -> Readiness:
    """Look at everything that readiness depends on; never raises and answers within a second.

    A thread of its own asks the database: with the server gone, a connection is waited for much longer than that.
    """
    try:
        return _asker.submit(_look).result(_BUDGET_SECONDS)
    except TimeoutError:
        return Readiness({"database": f"no answer within {_BUDGET_SECONDS:g} s"})


def _look() -> Readiness:
    try:
        return _look_at_everything()
    finally:
        connection.close()


def _look_at_everything() -> Readiness:
    found = Readiness()
    found.checks["database"] = _check_database()
    if found.checks["database"] == "ok":
        found.checks["migrations"] = _check_migrations()
    if found.is_ready:
        found.log_seconds_behind = _look_at_log()
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
        return "unreachable"
    return "ok"


def _check_migrations() -> str:
    if _migrated.is_set():
        return "ok"
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        log.warning("readiness.migrations_unknown", error=str(error))
        return "unknown"
    if waiting:
        return f"{len(waiting)} not applied: run migrate"
    _migrated.set()
    return "ok"


def _look_at_log() -> float | None:
    try:
        return round(count_seconds_behind(), 1)
    except DatabaseError as error:
        log.warning("readiness.log_unreadable", error=str(error))
        return None
