"""A log-in that tokens belong to."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from baton.lib.ids import new_uuid


class Session(models.Model):
    """One log-in: the family of its refresh tokens and the access tokens made from them.

    Only the newest refresh token (`refresh_id`, the token's `jti`) may be used; an older one seen again means it was
    stolen, and ends the session. `audience` is the surface whose tokens these are; no other surface takes them.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sessions")
    audience = models.CharField(max_length=20)
    refresh_id = models.UUIDField(default=new_uuid)
    user_agent = models.CharField(max_length=200, blank=True)
    address = models.GenericIPAddressField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["user"], condition=Q(ended_at=None), name="session_open"),)

    def __str__(self) -> str:
        return f"session {self.pk} of user {self.user_id}"
