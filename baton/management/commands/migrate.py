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

    def run_from_argv(self, argv: list[str]) -> None:
        """Migrate as somebody's first step, and note where each reaction begins.

        The web may be up for long before a first worker is: what happens meanwhile must be told too.
        """
        from baton import wiring  # noqa: F401  # registers the reactions
        from baton.reactions.follow import enter_all

        super().run_from_argv(argv)
        # To a migration of the past, or only looking, it is no first step.
        given = set(argv[2:])
        if all(word.startswith("-") for word in given) and not given & {"--plan", "--check"}:
            enter_all()
