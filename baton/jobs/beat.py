"""The scheduler: sends each job of the schedule when its time has come, and makes up for what was missed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import celery.beat
import structlog
from celery import Celery
from django.db import DatabaseError, InterfaceError, close_old_connections

from baton.jobs.shared_clock import clock
from baton.schedule import is_seldom

logger = structlog.get_logger(__name__)

_NEVER = datetime(2000, 1, 1, tzinfo=UTC)
# So long after it was sent, a job that has not run is taken for lost, and not for one that takes its time.
_LOST_AFTER = timedelta(hours=1)


class Scheduler(celery.beat.Scheduler):
    """Celery's scheduler, which takes from the table when each job last ran.

    What was due while the server was off is made up for, once, and so is what a broker has lost. Any number of
    schedulers may run: each job does what there is to do, and finds nothing where another has just done it.
    """

    sync_every = 60

    def setup_schedule(self) -> None:
        """Take over the schedule, with the last runs from the table."""
        super().setup_schedule()
        self._heed_runs(lost_after=timedelta())

    def sync(self) -> None:
        """Look for what is lost: called every minute, where schedulers with a storage of their own write it."""
        self._heed_runs(lost_after=_LOST_AFTER)

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        """Send the job. One that can't be sent is told of in a line: the broker is gone, not the code wrong."""
        _compare_clocks()
        try:
            self.apply_async(entry, producer=producer, advance=False)
        except celery.beat.SchedulingError as error:
            logger.warning("beat.not_sent", job=entry.task, error=str(error))

    def _heed_runs(self, *, lost_after: timedelta) -> None:
        """Make due again what was sent so long ago and has not begun since."""
        runs = _read_runs()
        if runs is None:
            return
        now = datetime.now(UTC)
        entry: Any
        for entry in self.schedule.values():
            ran_at = runs.get(entry.task, _NEVER)
            if is_seldom(entry.schedule) and ran_at < entry.last_run_at <= now - lost_after:
                entry.last_run_at = ran_at
                self._heap = None  # made anew with the next tick


def make_beat(app: Celery) -> celery.beat.Service:
    """Return a scheduler that can run in a thread and whose `stop()` is heeded within a second."""
    return celery.beat.Service(app, max_interval=1, scheduler_cls=Scheduler, remote_control=False)  # type: ignore[call-arg]  # newer than the stubs


def _compare_clocks() -> None:
    clock.look()
    close_old_connections()


def _read_runs() -> dict[str, datetime] | None:
    """Return when each job last began; None where that can't be known now."""
    from baton.core.queries.job_runs import find_starts

    try:
        return find_starts()
    except (DatabaseError, InterfaceError) as error:
        logger.warning("beat.runs_unknown", error=str(error).strip())
        return None
    finally:
        close_old_connections()
