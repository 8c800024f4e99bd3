"""memory: what the single process takes, in memory and in time to start."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench import servers
from bench.cores import OTHERS, SERVER, on_cores, resident_megabytes
from bench.data import CALLER, generate

_REQUESTS = 1000
_SETTLES_WITHIN = 3.0


@dataclass(frozen=True, slots=True)
class Footprint:
    """Seconds to readiness and resident mebibytes."""

    first_start: float
    second_start: float
    at_start: float
    after_requests: float
    requests: int = _REQUESTS


def measure_footprint(tasks: int, say: Callable[[str], None]) -> Footprint:
    """Start it on an empty folder, start it again, and let it answer a thousand requests over the generated tasks."""
    with tempfile.TemporaryDirectory(prefix="baton-bench-") as name, on_cores(SERVER | OTHERS):
        folder = Path(name)
        say("memory: first and second start ...")
        fresh = servers.serve(folder / "fresh", f"sqlite:///{folder / 'fresh' / 'baton.sqlite3'}", with_demo=True)
        first, second = _start(fresh, folder), _start(fresh, folder)
        say(f"memory: {_REQUESTS} requests ...")
        filled = servers.serve(folder, f"sqlite:///{folder / 'filled.sqlite3'}")
        token = servers.fill(filled, tasks)
        with servers.running(filled, folder / "memory.log", token, ready="/readyz", cores=SERVER | OTHERS) as served:
            # Worker and scheduler start beside the server; what they take counts.
            time.sleep(_SETTLES_WITHIN)
            at_start = resident_megabytes(served.pid)
            _ask(served, tasks)
            return Footprint(first, second, at_start, resident_megabytes(served.pid))


def _start(program: servers.Program, folder: Path) -> float:
    started = time.perf_counter()
    with servers.running(program, folder / "start.log", ready="/readyz", cores=SERVER | OTHERS):
        return time.perf_counter() - started


def _ask(served: servers.Served, tasks: int) -> None:
    """Read tasks and lists, and change something now and then, as people do."""
    chance = random.Random(9)
    seen = generate(tasks).seen_by(CALLER)
    for number in range(_REQUESTS):
        path = "/api/tasks/" if number % 3 == 0 else f"/api/tasks/{chance.choice(seen) + 1}/"
        if number % 10 == 1:
            status, _ = served.ask("POST", "/api/tasks/", {"project": 1, "title": f"Number {number}"})
        else:
            status, _ = served.ask("GET", path)
        if status not in (200, 201):
            raise servers.NotServing(f"{path} was answered with {status}")
