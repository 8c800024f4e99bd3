"""search: how long one waits for `/api/search/`, by what one looks for."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

import msgspec

from bench import servers
from bench.cores import OTHERS, on_cores
from bench.databases import make_databases
from bench.one_client import one_client
from bench.search_data import KINDS, Corpus, generate_corpus, make_queries

AIMS: Mapping[str, float] = {"postgresql": 30, "sqlite": 80}
"""Milliseconds within which 95 of 100 are answered."""
ALL = "all of these"
LISTED = "one word in the list of tasks"
_EACH = 200
_WARM_UP = 20


@dataclass(frozen=True, slots=True)
class Waits:
    """How long each search of a kind took, and how many found nothing."""

    database: str
    kind: str
    milliseconds: Sequence[float]
    empty: int

    def share(self, part: float) -> float:
        """Return within how many milliseconds this part of the searches was answered."""
        return sorted(self.milliseconds)[min(len(self.milliseconds) - 1, int(len(self.milliseconds) * part))]


def measure_search(database: str, tasks: int, say: Callable[[str], None]) -> list[Waits]:
    """Fill a database, search it over one connection, and return the waits by kind. Raises BadAnswer, NotServing."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="baton-bench-")))
        url = make_databases(database, ("searched",), folder, stack)[0]
        program = replace(servers.granian(folder, url, threads=1), filler="bench.fill_search")
        say(f"{database}: {tasks} tasks to search in ...")
        started = time.perf_counter()
        token = servers.fill(program, tasks)
        say(f"{database}: filled in {time.perf_counter() - started:.0f} s; searching ...")
        served = stack.enter_context(servers.running(program, folder / "search.log", token))
        stack.enter_context(on_cores(OTHERS))
        corpus = generate_corpus(tasks)
        found = [_measure(database, served, kind, _paths(corpus, kind)) for kind in KINDS]
        in_list = [f"/api/tasks/?{urlencode({'search': query})}" for query in make_queries(corpus, "rare word", _EACH)]
        total = [wait for waits in found for wait in waits.milliseconds]
        return [
            *found,
            Waits(database, ALL, total, sum(waits.empty for waits in found)),
            _measure(database, served, LISTED, in_list),
        ]


def _paths(corpus: Corpus, kind: str) -> list[str]:
    return [f"/api/search/?{urlencode({'q': query})}" for query in make_queries(corpus, kind, _EACH)]


def _measure(database: str, served: servers.Served, kind: str, paths: Sequence[str]) -> Waits:
    with one_client(served) as ask:
        for path in paths[:_WARM_UP]:
            ask(path)
        waits, empty = [], 0
        for path in paths:
            started = time.perf_counter()
            body = ask(path)
            waits.append(1000 * (time.perf_counter() - started))
            empty += not msgspec.json.decode(body)["results"]
        return Waits(database, kind, waits, empty)
