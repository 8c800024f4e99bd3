"""Tickets for the live stream."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class StreamTicket(models.Model):
    """Opens one live connection, once, within seconds.

    It is for pages that can't send a header and must not put a token into a URL. Only the digest of its secret is kept.
    It stands for the credential that it was made with.
    """

    digest = models.CharField(max_length=64, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    session = models.ForeignKey("core.Session", models.CASCADE, null=True, related_name="+")
    epoch = models.PositiveIntegerField(default=0)
    token = models.ForeignKey("core.ApiToken", models.CASCADE, null=True, related_name="+")
    credential_ends_at = models.FloatField(null=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"stream ticket of user {self.user_id}"
