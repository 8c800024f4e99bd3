"""`migrate`: Django's command, given the time it needs."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from baton.lib.unhurried import unhurried


class Command(migrate.Command):
    """Migrate the database, however long a statement takes: building an index on a large table is no runaway query."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate. Waiting for a lock stays limited, since everybody who serves would wait behind it."""
        with unhurried(connections[options["database"]]):
            super().handle(*args, **options)
