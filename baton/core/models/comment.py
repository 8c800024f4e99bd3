"""What people say about a task."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from baton.core.models.task import Task


class Comment(models.Model):
    """A comment on a task. The event log keeps what an edited or deleted one said."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="comments")
    text = models.TextField()
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = (models.Index(fields=["task", "created_at", "id"], name="comment_in_order"),)

    def __str__(self) -> str:
        return self.text[:80]
