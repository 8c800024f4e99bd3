"""Counting wrong guesses of passwords and secrets."""

from __future__ import annotations

from django.db import models


class Guess(models.Model):
    """How many wrong guesses one bucket (an account seen from a network, a network) has in its window."""

    bucket = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    resets_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "guesses"

    def __str__(self) -> str:
        return f"{self.bucket}: {self.count}"
