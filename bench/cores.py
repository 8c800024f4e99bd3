"""Who runs on which core, and what processor time a server has used (Linux: `/proc`)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_CORES = sorted(os.sched_getaffinity(0))
SERVER = {_CORES[0]}
"""The one core of the server that is measured."""
OTHERS = set(_CORES[1:]) or SERVER
"""Where the load and the database run."""

_TICK = os.sysconf("SC_CLK_TCK")


@contextmanager
def on_cores(cores: set[int]) -> Iterator[None]:
    """Start processes in here that stay on these cores: a child inherits them."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def processor_seconds(pid: int) -> float:
    """Return the user and system time that a process and its children have used."""
    return sum(_ticks(process) for process in _family(pid)) / _TICK


def resident_megabytes(pid: int) -> float:
    """Return the resident memory of a process and its children."""
    return sum(_resident(process) for process in _family(pid)) / 2**20


def _family(pid: int) -> Iterator[int]:
    yield pid
    for thread in Path(f"/proc/{pid}/task").iterdir():
        for child in (thread / "children").read_text().split():
            yield from _family(int(child))


def _ticks(pid: int) -> int:
    # The name in parentheses may hold anything; behind it user and system time are fields 14 and 15 (proc(5)).
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
