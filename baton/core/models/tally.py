"""Numbers of tasks, kept so that nobody has to count them."""

from __future__ import annotations

from django.db import models

from baton.core.models.project import Project


class Tally(models.Model):
    """One entry of a ledger: by how much the number of a project's tasks of this kind changed.

    Each change of a task appends entries in its own transaction, so no two writers wait for each other; the sum is
    always right. A job adds old entries up into one.
    """

    project = models.ForeignKey(Project, models.CASCADE, db_index=False, related_name="+")
    status = models.CharField(max_length=12)
    priority = models.PositiveSmallIntegerField()
    is_unassigned = models.BooleanField()
    difference = models.IntegerField()

    class Meta:
        indexes = (
            models.Index(
                # The difference too, so that the sums are read from the index alone.
                fields=["project", "status", "priority", "is_unassigned", "difference"],
                name="tally_of_project",
            ),
        )

    def __str__(self) -> str:
        return f"{self.difference:+} {self.status} in project {self.project_id}"
