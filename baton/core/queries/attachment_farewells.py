"""Which attachments are old enough to go, and which have been announced."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from baton.core.models import Attachment, AttachmentFarewell, Status

ANNOUNCED_FOR = timedelta(days=6)
"""How long a file stands on the list at least. A week is what people are promised; a scheduler may be a bit early."""


def list_outdated_attachments(now: datetime, retention: timedelta) -> QuerySet[Attachment]:
    """Return the files, not in the trash, that were uploaded to tasks done since, both longer ago than `retention`."""
    before = now - retention
    return Attachment.objects.filter(
        uploaded_at__lt=before,
        trashed_at=None,
        task__status=Status.DONE,
        task__completed_at__lt=before,
        task__trashed_at=None,
        task__project__trashed_at=None,
    )


def list_farewells(project_id: int) -> list[AttachmentFarewell]:
    """Return what the next clean-up will take from the project, with its files and tasks, in the order of the tasks."""
    found = AttachmentFarewell.objects.filter(attachment__task__project=project_id, attachment__trashed_at=None)
    return list(found.select_related("attachment__task__project").order_by("attachment__task__number", "attachment_id"))


def list_projects_with_farewells() -> list[int]:
    """Return the ids of the projects of which something will go."""
    found = AttachmentFarewell.objects.filter(attachment__trashed_at=None).order_by()
    return sorted(found.values_list("attachment__task__project", flat=True).distinct())
