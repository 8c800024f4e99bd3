"""Files that belong to no task."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class SharedFile(models.Model):
    """A file for everybody with an account, by its name. `path` is the name in the storage that the server made.

    Nobody is known to have uploaded one that an import brought.
    """

    name = models.CharField(max_length=255, unique=True)
    path = models.CharField(max_length=200, unique=True, editable=False)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="shared_files"
    )
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
