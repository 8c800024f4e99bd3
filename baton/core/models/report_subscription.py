"""Who gets which project's weekly report."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from baton.core.models.project import Project


class ReportSubscription(models.Model):
    """A user wants a project's report every week."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="report_subscriptions")
    project = models.ForeignKey(Project, models.CASCADE, related_name="report_subscriptions")
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "project"], name="report_subscribed_once"),)

    def __str__(self) -> str:
        return f"user {self.user_id} gets the report of project {self.project_id}"
