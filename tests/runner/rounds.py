"""Pytest on one database: once per kind, with every server that the tests may ask for."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.runner import tally
from tests.runner.steps import Outcome, Step, run
from tests.servers.postgresql import postgresql
from tests.servers.valkey import valkey

SQLITE, POSTGRESQL = "sqlite", "postgresql"
WORKERS = 4
"""Twice the two cores that this is meant for: many tests wait for a process, a clock or a disk."""
TITLES = {SQLITE: "SQLite", POSTGRESQL: "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class Round:
    """One run of pytest and what it counted."""

    outcome: Outcome
    counts: Mapping[str, int]


def run_round(
    database: str,
    arguments: Sequence[str],
    folder: Path,
    *,
    coverage: bool,
    is_first: bool = True,
    workers: int = WORKERS,
) -> Round:
    """Run pytest with `arguments` on the `database`, so many tests at a time. Raises ServerFailed.

    Data is kept below `folder`.

    Only the first round runs what says the same on any database.
    """
    title, counted = f"pytest on {TITLES[database]}", folder / f"{database}.json"
    command = [sys.executable, "-m", "pytest", "-p", "tests.runner.tally", f"--numprocesses={workers}"]
    # The databases go with the round's servers. Dropping them first fails where a thread still has a connection.
    command += ["--reuse-db"]
    if coverage:
        # The report is made of both rounds together, at the end.
        command += ["--cov", "--cov-append", "--cov-report="]
    with _servers(database, workers) as addresses:
        data = folder / database
        data.mkdir()
        environment = {
            **addresses,
            "BATON_DATA": str(data),
            "TEST_DATABASE": database,
            "TEST_ANY_DATABASE": "" if is_first else "done",
            # Where it is forbidden to keep bytecode, every process that a test starts would compile all it imports.
            "PYTHONDONTWRITEBYTECODE": "",
            tally.FILE: str(counted),
        }
        outcome = run(Step(title, [*command, *arguments], environment))
    counts = tally.read(counted)
    note = ", ".join(filter(None, [tally.sentence(counts), outcome.note]))
    print(f"-- {TITLES[database]}: {note}", flush=True)
    return Round(replace(outcome, note=note), counts)


@contextmanager
def _servers(database: str, workers: int) -> Iterator[dict[str, str]]:
    """Run what the round needs and give the variables that say where."""
    with ExitStack() as running:
        addresses = {"TEST_REDIS_URL": running.enter_context(valkey())}
        if database == POSTGRESQL:
            # One for each worker: the log's horizon heeds transactions of the whole cluster, so workers that shared one
            # would now and then not see yet what they have just written.
            servers = [running.enter_context(postgresql()) for _ in range(workers)]
            addresses |= {"DATABASE_URL": servers[0], "TEST_DATABASE_URLS": " ".join(servers)}
        yield addresses
