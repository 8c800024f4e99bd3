"""Baton beside the reference, on one database after the other."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench import servers
from bench.data import generate
from bench.databases import make_databases
from bench.operations.create import CREATE
from bench.operations.list_50 import LIST_50, LIST_50_UNCOUNTED
from bench.operations.operation import Operation
from bench.operations.read_one import READ_ONE
from bench.rounds import Plan, Series, measure

OPERATIONS = {operation.name: operation for operation in (READ_ONE, LIST_50, LIST_50_UNCOUNTED, CREATE)}

THREADS = {"sqlite": 1, "postgresql": 4}
"""What suits both programs best on one core. On SQLite, as Django sets it up, the reference's threads would lock each
other out of the file ("database is locked")."""

_NAMES = ("reference", "production", "single_process")


@dataclass(frozen=True, slots=True)
class Line:
    """What came of one operation on one database."""

    database: str
    operation: Operation
    reference: Series
    baton: Series
    serve: Series


def compare_on(
    database: str, operations: Sequence[Operation], tasks: int, plan: Plan, say: Callable[[str], None]
) -> list[Line]:
    """Fill the programs' databases, check that they answer alike, and measure.

    Raises Differs, BadAnswer, NotServing.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="baton-bench-")))
        urls = make_databases(database, _NAMES, folder, stack)
        programs = (
            servers.reference(urls[0], threads=THREADS[database]),
            servers.granian(folder, urls[1], threads=THREADS[database]),
            servers.serve(folder, urls[2]),
        )
        running = []
        for name, program in zip(_NAMES, programs, strict=True):
            say(f"{database}: {tasks} tasks for {program.name} ...")
            token = servers.fill(program, tasks)
            running.append(stack.enter_context(servers.running(program, folder / f"{name}.log", token)))
        rows = generate(tasks)
        for operation in operations:
            for served in running[1:]:
                operation.check(served, running[0], rows)
        say(f"{database}: all answer alike.")
        lines = []
        for operation in operations:
            say(f"{database}: {operation.name} ...")
            lines.append(Line(database, operation, *measure(operation, running, rows, plan)))
        return lines
