"""What has been done once and must not be done again."""

from __future__ import annotations

from django.db import models


class JobSlot(models.Model):
    """The work of a job for one slot (a day, a person's week) has its effect: two schedulers have it once."""

    job = models.CharField(max_length=100)
    slot = models.CharField(max_length=200)
    taken_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["job", "slot"], name="job_slot_once"),)

    def __str__(self) -> str:
        return f"{self.job} {self.slot}"
