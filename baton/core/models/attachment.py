"""Files on tasks."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from baton.core.models.task import Task
from baton.lib.ids import new_uuid


class Attachment(models.Model):
    """A file on a task. `path` is the name in the storage that the server made; `name` is only what people see.

    The row is written after the file is whole, so a file nobody sees is one without a row: the sweeper's.
    `wants_thumbnail` marks a picture that nobody has tried to make smaller yet.
    """

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    task = models.ForeignKey(Task, models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=255)
    path = models.CharField(max_length=200, unique=True, editable=False)
    thumbnail_path = models.CharField(max_length=200, blank=True, editable=False)
    wants_thumbnail = models.BooleanField(default=False, editable=False)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="attachments")
    uploaded_at = models.DateTimeField()
    trashed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["task", "uploaded_at", "id"], name="attachment_in_order"),
            models.Index(fields=["id"], condition=models.Q(wants_thumbnail=True), name="attachment_wants_thumbnail"),
            models.Index(
                fields=["trashed_at"], condition=models.Q(trashed_at__isnull=False), name="attachment_in_trash"
            ),
        )

    def __str__(self) -> str:
        return self.name
