"""`demo`: put the demo team into an empty database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from baton.management import demo


class Command(BaseCommand):
    """Load the demo team, or say why not."""

    help = "Put a small demo team with projects and tasks into an empty database."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Load it and tell how to log in."""
        try:
            self.stdout.write(demo.load())
        except demo.NotEmpty:
            raise CommandError("This database holds accounts; the demo team only goes into an empty one.") from None
