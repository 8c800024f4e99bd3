"""Where imported things came from."""

from __future__ import annotations

from django.db import models


class Origin(models.Model):
    """What an archive said of an imported thing that this server could not take over, such as a foreign author.

    `said` holds the archive's values and `placed` what was written in their stead. An export gives back what was said
    as long as the thing still has what was placed. It points at things of several kinds, hence without a foreign key;
    a row whose thing is gone is never looked up.
    """

    kind = models.CharField(max_length=12)
    thing = models.BigIntegerField()
    said = models.JSONField()
    placed = models.JSONField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kind", "thing"], name="one_origin_per_thing"),)

    def __str__(self) -> str:
        return f"origin of {self.kind} {self.thing}"
