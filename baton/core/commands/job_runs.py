"""Noting how jobs go. It is bookkeeping, no fact of history, so it leaves no event."""

from __future__ import annotations

from datetime import datetime

from baton.core.models import JobRun

_LONGEST_RESULT = 200
_LONGEST_PROBLEM = 500


def note_run(name: str, started_at: datetime, finished_at: datetime, *, result: str = "", problem: str = "") -> None:
    """Keep how the job's last run went in place of the one before: what it has done, or what went wrong."""
    values = {
        "started_at": started_at,
        "finished_at": finished_at,
        "result": result[:_LONGEST_RESULT],
        "problem": problem[-_LONGEST_PROBLEM:],
    }
    JobRun.objects.bulk_create(
        [JobRun(name=name, **values)], update_conflicts=True, unique_fields=["name"], update_fields=list(values)
    )
