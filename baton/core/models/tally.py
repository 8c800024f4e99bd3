"""Numbers of tasks, kept so that nobody has to count them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

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
        verbose_name_plural = "tallies"
        indexes = (
            models.Index(
                # The difference too, so that the sums are read from the index alone.
                fields=["project", "status", "priority", "is_unassigned", "difference"],
                name="tally_of_project",
            ),
        )

    def __str__(self) -> str:
        return f"{self.difference:+} {self.status} in project {self.project_id}"

    @staticmethod
    def added_up(entries: Sequence[Tally]) -> list[Tally]:
        """Return one entry for each kind that has changed in all: what hundreds of changes at once come to."""
        sums: Counter[tuple[int, str, int, bool]] = Counter()
        for entry in entries:
            sums[entry.project_id, entry.status, entry.priority, entry.is_unassigned] += entry.difference
        return [
            Tally(project_id=project, status=status, priority=priority, is_unassigned=is_unassigned, difference=number)
            for (project, status, priority, is_unassigned), number in sums.items()
            if number
        ]
