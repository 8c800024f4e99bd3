"""Long-lived credentials for programs."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from baton.core.models.project import Project


class ApiToken(models.Model):
    """A token `bat_…` of a user's. Only the SHA-256 of its secret is kept; `hint` is its beginning, for people.

    `scopes` are words of `read`, `write`, `admin`, separated by spaces. With a project it opens nothing else.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=12, editable=False)
    scopes = models.CharField(max_length=40)
    project = models.ForeignKey(Project, models.CASCADE, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "API token"

    def __str__(self) -> str:
        return f"{self.hint}… {self.name}"
