"""The upkeep of files."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.conf import settings


@shared_task(name="baton.make_thumbnails")
def make_thumbnails() -> str:
    """Make smaller the pictures that have been attached since."""
    from baton.reactions.thumbnails import make_thumbnails

    return f"tried {make_thumbnails()}"


@shared_task(name="baton.sweep_files")
def sweep_files() -> str:
    """Remove what nobody names any more, and what has been in the trash for long; say how many files."""
    from baton.core.commands.file_upkeep import purge_attachments, sweep_files

    purged = purge_attachments()
    swept = sweep_files()
    return f"deleted {purged} from the trash, removed {swept.unfinished} unfinished, {swept.nameless} nameless"


@shared_task(name="baton.clean_up_attachments")
def clean_up_attachments() -> str:
    """Put into the trash what was announced a week ago, announce what goes next, and say how much of each.

    The owners of its projects get a letter.
    """
    from django.utils import timezone

    from baton.core.commands.attachment_clean_up import clean_up_attachments
    from baton.core.commands.farewell_letters import queue_farewell_letters

    done = clean_up_attachments(timedelta(days=settings.BATON_ATTACHMENT_RETENTION_DAYS))
    queue_farewell_letters(timezone.now().date())
    return f"removed {done.removed}, listed {done.listed}"
