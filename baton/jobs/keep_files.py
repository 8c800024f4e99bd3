"""The upkeep of files."""

from __future__ import annotations

from celery import shared_task


@shared_task(name="baton.make_thumbnails")
def make_thumbnails() -> None:
    """Make smaller the pictures that have been attached since."""
    from baton.reactions.thumbnails import make_thumbnails

    make_thumbnails()


@shared_task(name="baton.sweep_files")
def sweep_files() -> None:
    """Remove what nobody names any more, and what has been in the trash for long."""
    from baton.core.commands.file_upkeep import purge_attachments, sweep_files

    purge_attachments()
    sweep_files()
