"""What imported things were called in the systems they came from."""

from __future__ import annotations

from django.db import models


class OldId(models.Model):
    """The id that a thing had in an older system, so that importing once more finds it here.

    `source` names the system, `kind` what the thing is (`user`, `task`, `comment`, `change`, `token`). It points at
    things of several kinds, hence without a foreign key; that its thing is gone means that somebody deleted it here.
    """

    source = models.CharField(max_length=60)
    kind = models.CharField(max_length=12)
    old_id = models.CharField(max_length=64)
    thing = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["source", "kind", "old_id"], name="old_id_once_per_source"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.old_id} of {self.source}"
