"""Upkeep of the store: what nobody names any more is removed, and what is named is looked after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

import structlog
from django.db import transaction
from django.utils import timezone

from baton.adapters import storage
from baton.adapters.staging import leftovers
from baton.core.actor import SYSTEM
from baton.core.events.facts.files import AttachmentPurged
from baton.core.events.record import record
from baton.core.models import Attachment, SharedFile, User

# Longer than any upload lies between its last byte and its commit.
UNFINISHED = timedelta(hours=1)
IN_TRASH = timedelta(days=30)
_AT_ONCE = 500

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Swept:
    """How many files went: unfinished ones, and kept ones that no row names."""

    unfinished: int
    nameless: int


def sweep_files() -> Swept:
    """Remove what killed uploads and lost commits have left behind for an hour."""
    before = timezone.now() - UNFINISHED
    unfinished = nameless = 0
    for path in leftovers(before):
        path.unlink(missing_ok=True)
        unfinished += 1
    for names in _batches(storage.kept_before(before)):
        for name in _nameless(names):
            storage.remove(name)
            nameless += 1
    if unfinished or nameless:
        log.info("files.swept", unfinished=unfinished, nameless=nameless)
    return Swept(unfinished, nameless)


def purge_attachments() -> int:
    """Delete for good the files that have been in the trash for 30 days; return how many."""
    purged = 0
    while batch := _purge_some():
        purged += batch
    return purged


def _purge_some() -> int:
    with transaction.atomic():
        old = Attachment.objects.filter(trashed_at__lt=timezone.now() - IN_TRASH).select_related("task")
        rows = list(old.select_for_update(of=("self",), skip_locked=True).order_by("trashed_at")[:_AT_ONCE])
        for row in rows:
            fact = AttachmentPurged(attachment=row.pk)
            record(SYSTEM, fact, at=timezone.now(), project_id=row.task.project_id, task_id=row.task_id)
        Attachment.objects.filter(pk__in=[row.pk for row in rows]).delete()
    # After the commit: a file without a row is swept, a row without its file would be a loss.
    for row in rows:
        for name in filter(None, (row.path, row.thumbnail_path)):
            storage.remove(name)
    return len(rows)


def _nameless(names: list[str]) -> list[str]:
    """Return those of the names that no row holds."""
    avatars = [name for name in names if storage.is_avatar_name(name)]
    files = {storage.pictured_by(name) for name in names}
    named = set(Attachment.objects.filter(path__in=files).values_list("path", flat=True))
    named |= set(SharedFile.objects.filter(path__in=files).values_list("path", flat=True))
    if avatars:
        named |= set(filter(None, User.objects.filter(avatar__in=avatars).values_list("avatar", flat=True)))
    return [name for name in names if storage.pictured_by(name) not in named]


def _batches(names: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(islice(names, _AT_ONCE)):
        yield batch
