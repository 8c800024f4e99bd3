"""How far each reaction has followed the event log."""

from __future__ import annotations

from django.db import models


class ReactionCursor(models.Model):
    """The place in the log behind which a reaction still has everything to do."""

    name = models.CharField(max_length=50, primary_key=True)
    transaction = models.BigIntegerField(default=0)
    event_id = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.name} at {self.transaction}-{self.event_id}"
