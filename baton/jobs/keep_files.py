"""The upkeep of files."""

from __future__ import annotations

from celery import shared_task


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
