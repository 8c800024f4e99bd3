"""Old attachments that will go."""

from __future__ import annotations

from django.db import models

from baton.core.models.attachment import Attachment


class AttachmentFarewell(models.Model):
    """A file that the clean-up has announced: the next one puts it into the trash, unless its task is open again."""

    attachment = models.OneToOneField(Attachment, models.CASCADE, related_name="farewell")
    listed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"farewell to attachment {self.attachment_id}"
