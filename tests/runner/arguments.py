"""What `bin/test` understands itself; the rest is pytest's."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from tests.runner.rounds import POSTGRESQL, SQLITE


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to check: the linters or not, on which databases, with coverage or not, and pytest's own arguments.

    With `faults` it is the long tests that break things, and these alone.
    """

    linters: bool
    databases: tuple[str, ...]
    coverage: bool
    faults: bool
    pytest: tuple[str, ...]


def parse(arguments: list[str]) -> Wanted:
    """Return what the command line asks for; exits with a sentence and code 2 when it is wrong."""
    parser = argparse.ArgumentParser(
        prog="bin/test",
        description="Run every check: linters, then pytest on SQLite and on PostgreSQL. Other arguments go to pytest.",
        # `--cov` must not swallow pytest's `--cov-branch`.
        allow_abbrev=False,
    )
    parser.add_argument("--quick", action="store_true", help="leave the linters out")
    parser.add_argument("--only", choices=(SQLITE, POSTGRESQL), help="run pytest on one database")
    parser.add_argument("--cov", action="store_true", help="measure coverage over all rounds into htmlcov/")
    parser.add_argument("--faults", action="store_true", help="break things for half an hour instead, without linters")
    known, rest = parser.parse_known_args(arguments)
    databases = (known.only,) if known.only else (SQLITE, POSTGRESQL)
    return Wanted(not (known.quick or known.faults), databases, known.cov, known.faults, tuple(rest))
