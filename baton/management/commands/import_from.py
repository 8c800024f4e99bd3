"""`import_from`: take over an older system's people, tasks, comments, history, tokens and files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from baton.core.actor import SYSTEM
from baton.core.commands.old_system_files import import_files
from baton.core.commands.old_system_import import import_old_system
from baton.core.commands.old_systems import OldSystem, OldSystemReport
from baton.core.errors import CoreError
from baton.lib.old_hashes import LONGEST_SALT
from baton.management.importers import issuetracker, taskapi, taskmaster, tasktable
from baton.management.importers.databases import BadSource, Source, open_source
from baton.management.importers.options import Options
from baton.management.progress import Progress
from baton.surfaces.wire.dialects.dialect import dialect_named

READERS: Mapping[str, Callable[[Source, Options], OldSystem]] = {
    "tasktable": tasktable.read,
    "taskmaster": taskmaster.read,
    "taskapi": taskapi.read,
    "issuetracker": issuetracker.read,
}
KINDS = {
    "user": "users",
    "token": "tokens",
    "task": "tasks",
    "comment": "comments",
    "change": "entries of history",
    "file": "files",
}
MOST_NOTES = 200


class Command(BaseCommand):
    """Read the old database and bring what is not here yet."""

    help = (
        "Take over an older system: its users with their passwords and tokens, tasks, comments and history. All of it "
        "or nothing, files one by one; a second run brings only what is new."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("system", choices=READERS, help="which system it was")
        parser.add_argument("database", help="postgresql://user:password@host/name or sqlite:///path")
        parser.add_argument("--dry-run", action="store_true", help="change nothing; say what would come of it")
        parser.add_argument(
            "--same-people", action="store_true", help="who is called alike there and here is the same person"
        )
        parser.add_argument("--source", help="a name for this old system, where there were several of its kind")
        parser.add_argument("--media", type=Path, help="the folder of its files (tasktable's mediafiles)")
        parser.add_argument("--time-zone", default="UTC", help="where its clock stood (taskapi); UTC unless given")
        parser.add_argument(
            "--salt", default=settings.BATON_PASS_SALT, help="taskapi's PASS_SALT; read from there if not given"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Import, and report."""
        system = options["system"]
        try:
            with open_source(options["database"]) as source:
                old = READERS[system](source, _options(options))
        except BadSource as error:
            raise CommandError(str(error)) from None
        passwords = Progress(self.stdout, "passwords", len(old.users))
        progress = Progress(self.stdout, "things", old.size)
        project = dialect_named(system).project
        try:
            report = import_old_system(
                SYSTEM,
                old,
                project,
                same_people=options["same_people"],
                dry_run=options["dry_run"],
                tell=progress.advance,
                tell_password=passwords.advance,
            )
            import_files(SYSTEM, old, report, dry_run=options["dry_run"], tell=progress.advance)
        except CoreError as error:
            raise CommandError(error.detail) from None
        except OSError as error:
            raise CommandError(f"{error}. What has been brought stays; run this again to bring the rest.") from None
        progress.finish()
        self._report(report, is_dry=options["dry_run"])

    def _report(self, report: OldSystemReport, *, is_dry: bool) -> None:
        said = "would be imported" if is_dry else "imported"
        for kind, noun in KINDS.items():
            made, here, out = report.made[kind], report.here[kind], report.left_out[kind]
            if made or here or out:
                self.stdout.write(f"{noun}: {made} {said}, {here} here already, {out} left out")
        for note in report.notes[:MOST_NOTES]:
            self.stdout.write(f"- {note}")
        if len(report.notes) > MOST_NOTES:
            self.stdout.write(f"- and {len(report.notes) - MOST_NOTES} more of these")


def _options(given: Mapping[str, Any]) -> Options:
    try:
        zone = ZoneInfo(given["time_zone"])
    except (ZoneInfoNotFoundError, ValueError):
        raise CommandError(f"There is no time zone {given['time_zone']}.") from None
    if len(given["salt"].encode()) > LONGEST_SALT:
        raise CommandError(f"A salt of more than {LONGEST_SALT} bytes can't be taken over.")
    if given["media"] and given["system"] != "tasktable":
        raise CommandError("Only tasktable had files: leave out --media.")
    return Options(given["source"] or given["system"], given["salt"], zone, given["media"])
