"""Jobs whose runs can be looked up in the admin."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import structlog
from celery import Task

from baton.jobs.shared_clock import clock

_SPARING = timedelta(minutes=1)

log = structlog.get_logger(__name__)


class NotedJob(Task):  # type: ignore[type-arg]  # generic in the stubs only
    """Celery's task, which notes how each run went, with the few words it returns about what it has done.

    Some run every second, and a row written as often would be most of what a quiet server does: where nothing is new,
    a run is noted once a minute. A process remembers by itself what it noted.
    """

    abstract = True
    Request = "baton.jobs.shared_clock:DatedRequest"
    _noted: tuple[datetime, str] | None = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run, and note it. Raises what the run raises."""
        from django.utils import timezone

        clock.look()
        started_at = timezone.now()
        try:
            outcome = super().__call__(*args, **kwargs)
        except Exception as error:
            self._note(started_at, timezone.now(), problem=f"{type(error).__name__}: {error}")
            raise
        self._note(started_at, timezone.now(), result=outcome if isinstance(outcome, str) else "")
        return outcome

    def _note(self, started_at: datetime, finished_at: datetime, *, result: str = "", problem: str = "") -> None:
        from django.db import DatabaseError

        from baton.core.commands.job_runs import note_run

        if self._noted and self._noted[1] == problem and started_at - self._noted[0] < _SPARING:
            return
        try:
            note_run(self.name, started_at, finished_at, result=result, problem=problem)
        except DatabaseError as error:
            # Whatever the job has done is done, and what it raised says more than this.
            log.warning("job_run.not_noted", job=self.name, error=str(error))
        else:
            self._noted = (started_at, problem)
