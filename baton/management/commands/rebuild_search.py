"""`rebuild_search`: make the search's entries anew, beside people's work."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from baton.management.progress import Progress
from baton.reactions.search_rebuild import count_outdated, forget_all, rebuild_next

_PAUSE = 0.01


class Command(BaseCommand):
    """Make the entries that are missing or outdated; with `--all` every one."""

    help = (
        "Make what the search looks into: the entries that are missing or outdated, or all of them. It may be "
        "interrupted; run again without --all it goes on where it was."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the option."""
        parser.add_argument("--all", action="store_true", help="make every entry anew")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Work in small transactions until nothing is left to do."""
        if options["all"]:
            forget_all()
        progress = Progress(self.stdout, "tasks", count_outdated())
        last = 0
        while batch := rebuild_next(after=last):
            last = batch[-1]
            progress.advance(len(batch))
            # On SQLite somebody who waits to write gets in only between two of our transactions.
            time.sleep(_PAUSE)
        progress.finish()
