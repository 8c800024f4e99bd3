"""`sweep_files`: what the hourly job does, now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from baton.core.commands.file_upkeep import purge_attachments, sweep_files


class Command(BaseCommand):
    """Remove files that nobody names, and those whose time in the trash is over."""

    help = "Remove files that no row names any more, unfinished uploads, and what has been in the trash for 30 days."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Sweep, and say how many went."""
        purged = purge_attachments()
        swept = sweep_files()
        self.stdout.write(
            f"{swept.unfinished} unfinished, {swept.nameless} nameless and {purged} trashed files removed."
        )
