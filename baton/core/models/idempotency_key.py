"""Answers kept for clients that ask the same thing again."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class IdempotencyKey(models.Model):
    """The first answer to a POST that carried an Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07).

    `fingerprint` is the SHA-256 of method, path and body; the same key with another one is refused.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "key"], name="key_once_per_user"),)

    def __str__(self) -> str:
        return self.key
