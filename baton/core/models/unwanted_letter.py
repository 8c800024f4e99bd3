"""Letters that somebody doesn't want, where they follow from no notification."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class UnwantedLetter(models.Model):
    """A user has switched a letter off by its link; `letter` is what a delivery calls it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="unwanted_letters")
    letter = models.CharField(max_length=40)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "letter"], name="unwanted_letter_once"),)

    def __str__(self) -> str:
        return f"user {self.user_id} doesn't want {self.letter}"
