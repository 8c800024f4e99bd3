"""`stream`: the live stream in a process of its own, for production."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from baton.management.serving import AddressTaken, bind, leave_when_told, serve


class Command(BaseCommand):
    """Serve the WebSocket, the event stream and long polls; jobs and migrations are other processes' work.

    It answers every other request too. Any ASGI server can run `baton.asgi:application`; this one also lets go of
    clients that read nothing, and tells all where to go on before it stops.
    """

    help = "Serve the live stream (/ws/, /api/stream/, /api/events/?wait=) in a process of its own."
    requires_system_checks: list[str] = []  # noqa: RUF012  (as Django declares it)

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options. They are settings: `baton.__main__` has put them there already."""
        parser.add_argument("--port", help=f"the port, {settings.BATON_PORT} if not given")
        parser.add_argument("--host", help=f"the address, {settings.BATON_HOST} if not given")
        parser.add_argument("--data", help=f"the data folder, {settings.BATON_DATA} if not given")

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Serve until told to stop."""
        try:
            listener = bind(settings.BATON_HOST, settings.BATON_PORT)
        except AddressTaken as error:
            raise CommandError(str(error)) from None
        with listener:
            leave_when_told()
            serve(listener, on_ready=self._announce, with_jobs=False)

    def _announce(self) -> None:
        self.stdout.write(f"The live stream is ready on {settings.BATON_HOST}, port {settings.BATON_PORT}.")
        self.stdout.flush()
