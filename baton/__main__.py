"""`baton <command>`: the first word decides between the command line for people and Django's commands (`manage.py`)."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from baton.lib import variables
from baton.lib.env import BadVariable
from baton.lib.secret_key import make_secret_key
from baton.lib.start_up import put, read_environment

# What `baton.client.cli` is asked for; a test compares the two. Said here so that `baton serve` needn't load it.
FOR_PEOPLE = frozenset({"login", "logout", "whoami", "project", "task", "watch"})
COMPLETION = "_BATON_COMPLETE"


def main() -> int:
    """Run `baton` with the arguments of this process and return the exit code; Django's `help` is `baton help`."""
    first = sys.argv[1] if len(sys.argv) > 1 else "--help"
    if first in FOR_PEOPLE or first.startswith("-") or COMPLETION in os.environ:
        from baton.client.cli.app import app

        app(prog_name="baton")
    return manage()


def manage(argv: list[str] | None = None) -> int:
    """Run one of Django's commands and return the exit code; a bad setting is one line and exit code 1."""
    arguments = list(sys.argv if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baton.settings")
    try:
        if arguments[1:2] in (["serve"], ["stream"]):
            _take_settings(arguments[2:])
        if arguments[1:2] == ["serve"] and not {"-h", "--help"} & set(arguments):
            _make_secret()
        _load_settings()
        _make_database_folder()
    except (BadVariable, _BadSettings) as error:
        print(f"baton: {error}", file=sys.stderr)  # noqa: T201  (logging is set up by what has just failed)
        return 1
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(arguments)
    except KeyboardInterrupt:
        return 130
    return 0


class _BadSettings(Exception):
    """Django's settings refuse to load."""


def _load_settings() -> None:
    """Load Django's settings now, so that a refusal is one line instead of a trace from deep inside a command."""
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        settings.DEBUG  # noqa: B018  (reading any setting loads all)
    except ImproperlyConfigured as error:
        raise _BadSettings(str(error)) from None


def _make_database_folder() -> None:
    """Make the folder of the SQLite file, so that `migrate` works on an empty machine as `serve` does."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("sqlite3"):
        return
    try:
        Path(database["NAME"]).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(Path(database["NAME"]).parent, error) from None


def _unusable(data: Path, error: OSError) -> BadVariable:
    return BadVariable(f"{variables.DATA.name}: {data} can't be used: {error.strerror}.")


def _take_settings(options: list[str]) -> None:
    """Take the options that are settings, before the settings are read."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    for variable in (variables.DATA, variables.HOST, variables.PORT):
        parser.add_argument(f"--{variable.name.removeprefix('BATON_').lower()}", dest=variable.name)
    given, _ = parser.parse_known_args(options)
    for name, value in vars(given).items():
        if value is not None:
            put(name, value)


def _make_secret() -> None:
    environment, data = read_environment()
    if not environment.read(variables.SECRET_KEY):
        try:
            make_secret_key(data)
        except OSError as error:
            raise _unusable(data, error) from None


if __name__ == "__main__":
    sys.exit(main())
