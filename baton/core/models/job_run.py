"""When each job last ran."""

from __future__ import annotations

from datetime import timedelta

from django.db import models


class JobRun(models.Model):
    """How a job's last run went, as far as it was noted: a job that runs every few seconds is noted once a minute.

    `result` is what it says it has done, `problem` the end of what went wrong; each empty where there is nothing.
    """

    name = models.CharField(max_length=100, primary_key=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    result = models.CharField(max_length=200, blank=True)
    problem = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def took(self) -> timedelta:
        """How long it ran."""
        return self.finished_at - self.started_at
