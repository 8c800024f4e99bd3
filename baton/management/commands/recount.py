"""`recount`: put the numbers of tasks right."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from baton.core.commands.task_tally import compact_tallies, correct_tallies


class Command(BaseCommand):
    """Compare the ledger that statistics are summed from with the tasks, and correct it where it is wrong."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Correct, add up, and say how many kinds of tasks were wrong."""
        wrong = correct_tallies()
        while compact_tallies():
            pass
        self.stdout.write(f"{wrong} kinds of tasks were counted wrong." if wrong else "Everything was counted right.")
