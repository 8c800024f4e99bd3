"""Putting the attachments of tasks long done into the trash, a week after they were announced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from baton.core.actor import SYSTEM
from baton.core.commands.attachments import discard_attachment
from baton.core.models import AttachmentFarewell, Task
from baton.core.queries.attachment_farewells import ANNOUNCED_FOR, list_outdated_attachments

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class CleanUp:
    """What a clean-up did: how many files went into the trash, and how many new ones stand on the list."""

    removed: int
    listed: int


def clean_up_attachments(retention: timedelta) -> CleanUp:
    """Remove the old files that an earlier run has listed and list those that have become old since.

    `retention` is how long files stay at least; zero keeps them all, and nothing stays announced. What is on the list
    and no longer old enough (its task is open again, say) leaves it, and would be announced anew. Several at once do
    what one does: a file is removed under its task's lock, and listed once.
    """
    if not retention:
        AttachmentFarewell.objects.all().delete()
        return CleanUp(0, 0)
    now = timezone.now()
    outdated = list_outdated_attachments(now, retention)
    AttachmentFarewell.objects.exclude(attachment__in=outdated.values("pk")).delete()
    announced = AttachmentFarewell.objects.filter(listed_at__lte=now - ANNOUNCED_FOR).order_by("attachment_id")
    removed = sum(_remove(attachment, now, retention) for attachment in announced.values_list("attachment", flat=True))
    return CleanUp(removed, _announce(now, retention))


def _remove(attachment_id: int, now: datetime, retention: timedelta) -> bool:
    """Put one file into the trash, if it is still there and old enough once nobody else can change that."""
    with transaction.atomic():
        task = Task.objects.select_for_update(no_key=True, of=("self",)).filter(attachments=attachment_id).first()
        attachment = list_outdated_attachments(now, retention).filter(pk=attachment_id, task=task).first()
        if task is None or attachment is None:
            return False
        attachment.task = task
        discard_attachment(SYSTEM, attachment)
        AttachmentFarewell.objects.filter(attachment=attachment).delete()
        return True


def _announce(now: datetime, retention: timedelta) -> int:
    """List what is old enough and not listed yet; return how many files this run has listed."""
    listed = 0
    unlisted = list_outdated_attachments(now, retention).filter(farewell=None).order_by("pk")
    while found := list(unlisted.values_list("pk", flat=True)[:_AT_ONCE]):
        rows = [AttachmentFarewell(attachment_id=attachment, listed_at=now) for attachment in found]
        # Another scheduler may have listed the same meanwhile.
        AttachmentFarewell.objects.bulk_create(rows, ignore_conflicts=True)
        listed += len(found)
    return listed
