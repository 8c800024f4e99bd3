"""When each job last ran."""

from __future__ import annotations

from django.db import models


class JobRun(models.Model):
    """How a job's last run went, as far as it was noted: a job that runs every few seconds is noted once a minute.

    `problem` is the end of what went wrong, empty where nothing did.
    """

    name = models.CharField(max_length=100, primary_key=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    problem = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.name
