"""How long a message is good for, by one clock for all hosts: the database's, in which leases run too.

Ticks and wake-ups are good for seconds, and hosts may be minutes apart: by its own clock a worker that is ahead would
drop all it is sent, and one that is behind would work through what has long been overtaken.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, Literal

import structlog
from celery.app.amqp import AMQP
from celery.worker.request import Request
from django.db import DatabaseError, InterfaceError

logger = structlog.get_logger(__name__)

_LOOKS_EVERY = 60.0


class SharedClock:
    """The database's time by this host's clock and the difference between them, which is looked up once a minute."""

    def __init__(self) -> None:
        self._difference: timedelta | None = None
        self._looked_at = -_LOOKS_EVERY

    def look(self) -> None:
        """Find the difference anew where that has not been done for a minute."""
        from baton.core.queries.database_time import find_database_time

        if self._is_fresh():
            return
        self._looked_at = monotonic()
        try:
            self._difference = find_database_time() - datetime.now(UTC)
        except (DatabaseError, InterfaceError) as error:
            self._difference = None
            logger.warning("clock.not_compared", error=str(error).strip())

    def now(self) -> datetime:
        """Return the time, which is this host's where the database's is not known."""
        return datetime.now(UTC) + (self._difference or timedelta())

    def is_past(self, moment: datetime) -> bool:
        """Has the moment passed for certain? Not where the database's time is not known."""
        return self._difference is not None and self._is_fresh() and self.now() > moment

    def _is_fresh(self) -> bool:
        return monotonic() - self._looked_at < _LOOKS_EVERY


clock = SharedClock()


class DatedMessages(AMQP):
    """Celery's messages, which say in the database's time until when they are good."""

    def as_task_v2(self, *args: Any, **given: Any) -> Any:
        """Return the message; seconds that are given as its `expires` begin now."""
        return super().as_task_v2(*args, **{"now": clock.now(), **given})


class DatedRequest(Request):
    """A message that a worker was handed, which drops it where its time has passed by the shared clock.

    Where that is not known it runs, and the job looks it up: it must not depend on what is dropped.
    """

    def maybe_expire(self) -> Literal[True] | None:
        """Is it too late to run? Asked of what has an end only."""
        return clock.is_past(self.expires) or None
