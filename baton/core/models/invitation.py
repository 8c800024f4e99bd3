"""Asking somebody into a project by their e-mail address."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from baton.core.models.project import Project, Role


class Invitation(models.Model):
    """An invitation to a project. Its token is signed, not stored; whoever accepts it has verified this address."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="invitations")
    email = models.EmailField()
    email_folded = models.CharField(max_length=1000, editable=False)
    role = models.CharField(max_length=10, choices=Role)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["project", "email_folded"], condition=Q(ended_at=None), name="one_open_invitation"
            ),
        )

    def __str__(self) -> str:
        return f"{self.email} to project {self.project_id}"
