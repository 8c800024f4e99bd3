"""`serve`: everything in one process, for a machine without database server, broker or proxy."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from baton.management.first_start import prepare_database
from baton.management.serving import AddressTaken, bind, leave_when_told, serve


class Command(BaseCommand):
    """Serve HTTP, with worker, scheduler and stream in this process."""

    help = "Serve everything in one process; makes the data folder, the secret and the database where there are none."
    # `check` and `bin/test` run the checks; here they would only keep people waiting.
    requires_system_checks: list[str] = []  # noqa: RUF012  (as Django declares it)

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options. The first three are settings: `baton.__main__` has put them there already."""
        parser.add_argument("--port", help=f"the port, {settings.BATON_PORT} if not given")
        parser.add_argument("--host", help=f"the address, {settings.BATON_HOST} if not given")
        parser.add_argument("--data", help=f"the data folder, {settings.BATON_DATA} if not given")
        parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")

    def handle(self, *_args: Any, no_demo: bool, **_options: Any) -> None:
        """Make ready, serve until told to stop, and end cleanly."""
        try:
            listener = bind(settings.BATON_HOST, settings.BATON_PORT)
        except AddressTaken as error:
            raise CommandError(str(error)) from None
        with listener:
            leave_when_told()
            log_in = prepare_database(self._say, with_demo=not no_demo)
            serve(listener, on_ready=lambda: self._announce(log_in), with_jobs=True)
        self._say("Stopped.")

    def _announce(self, log_in: str) -> None:
        self._say(f"Baton is ready at {settings.BATON_BASE_URL} (data in {settings.BATON_DATA}).")
        if log_in:
            self._say(log_in)
        self._say("Stop it with Ctrl-C.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
