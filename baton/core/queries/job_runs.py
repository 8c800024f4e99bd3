"""How the jobs are doing."""

from __future__ import annotations

from datetime import datetime

from baton.core.models import JobRun


def find_starts() -> dict[str, datetime]:
    """Return when each job last began, as far as it was noted."""
    return dict(JobRun.objects.values_list("name", "started_at"))
