"""board, bulk, statistics: one thing beside another that it may cost a few times of, asked by one client in turn."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median

import msgspec

from bench import data, servers
from bench.cores import OTHERS, on_cores, processor_seconds
from bench.databases import make_databases
from bench.one_client import Ask, one_client

ROUNDS = 15
_ON_BOARD = 200
_IN_BULK = 500
_MILLION = 1_000_000
_HUNDREDTH = 100
Say = Callable[[str], None]
Act = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one thing costs: how it is asked for the n-th time, on which server, and how often in a round."""

    name: str
    act: Act
    pid: int
    times: int


@dataclass(slots=True)
class Pair:
    """A dear thing and a cheap one, and their milliseconds in each round: waited, and of the server's processor."""

    database: str
    name: str
    aim: float
    dear: Cost
    cheap: Cost
    waits: list[tuple[float, float]] = field(default_factory=list)
    processor: list[tuple[float, float]] = field(default_factory=list)

    def measure(self) -> None:
        """Ask for both in turn, round after round. Raises BadAnswer."""
        for cost in (self.dear, self.cheap):
            cost.act(0)
        for round_ in range(ROUNDS):
            both = [_spend(cost, round_) for cost in (self.dear, self.cheap)]
            self.waits.append((both[0][0], both[1][0]))
            self.processor.append((both[0][1], both[1][1]))

    def times(self) -> list[float]:
        """Return how many times the cheap thing's wait the dear one's was, round by round."""
        return [dear / cheap for dear, cheap in self.waits]

    def times_by_processor(self) -> float:
        """Return the same by the server's processor time, over all rounds: its clock is coarse."""
        return sum(dear for dear, _ in self.processor) / sum(cheap for _, cheap in self.processor)

    def wait(self, place: int) -> float:
        """Return the median wait of the dear thing (0) or the cheap one (1)."""
        return median(waits[place] for waits in self.waits)


def measure_pairs(database: str, names: Sequence[str], tasks: int, say: Say) -> list[Pair]:
    """Measure the pairs of these names among so many tasks. Raises BadAnswer, NotServing, ServerFailed."""
    found = []
    with _folder_and_stack() as (folder, stack):
        url = make_databases(database, ("pairs",), folder, stack)[0]
        program = servers.granian(folder, url, threads=1)
        say(f"{database}: {tasks} tasks for {', '.join(names)} ...")
        token = servers.fill(program, tasks)
        served = stack.enter_context(servers.running(program, folder / "pairs.log", token))
        stack.enter_context(on_cores(OTHERS))
        ask = stack.enter_context(one_client(served))
        for name in names:
            say(f"{database}: {name} ...")
            pair = PAIRS[name](database, ask, served.pid)
            pair.measure()
            found.append(pair)
    return found


def measure_statistics(database: str, say: Say, many: int = _MILLION) -> Pair:
    """Measure the statistics of many tasks beside those of a hundredth. Raises BadAnswer, NotServing, ServerFailed."""
    with _folder_and_stack() as (folder, stack):
        costs = []
        for number, url in zip(
            (many, many // _HUNDREDTH), make_databases(database, ("many", "few"), folder, stack), strict=True
        ):
            own = folder / str(number)
            own.mkdir()
            program = replace(servers.granian(own, url, threads=1), filler="bench.fill_many")
            say(f"{database}: {number} tasks to count ...")
            started = time.perf_counter()
            token = servers.fill(program, number)
            say(f"{database}: filled in {time.perf_counter() - started:.0f} s.")
            served = stack.enter_context(servers.running(program, own / "server.log", token))
            ask = stack.enter_context(one_client(served))
            costs.append(Cost(f"{number:,} tasks", _statistics(ask), served.pid, 10))
        stack.enter_context(on_cores(OTHERS))
        pair = Pair(database, "statistics", 5, dear=costs[0], cheap=costs[1])
        pair.measure()
        return pair


def _statistics(ask: Ask) -> Act:
    return lambda _: ask("/api/tasks/statistics/")


def _board(database: str, ask: Ask, pid: int) -> Pair:
    """A board of 200 cards beside the newest fifty tasks."""
    project = _project(ask, "Board", _ON_BOARD)[0]
    return Pair(
        database,
        "board",
        3,
        Cost(f"board of {_ON_BOARD}", lambda _: ask(f"/api/projects/{project}/board/"), pid, 10),
        Cost("list of 50", lambda _: ask("/api/tasks/"), pid, 10),
    )


def _bulk(database: str, ask: Ask, pid: int) -> Pair:
    """500 changes of status in one request beside one such change."""
    tasks = _project(ask, "Bulk", _IN_BULK)[1]

    def change_all(number: int) -> object:
        status = data.STATUSES[number % len(data.STATUSES)]
        changes = [{"op": "status", "task": task, "status": status} for task in tasks]
        return ask("/api/tasks/bulk/", {"operations": changes}, "POST")

    def change_one(number: int) -> object:
        return ask(f"/api/tasks/{tasks[0]}/status/", {"status": data.STATUSES[number % len(data.STATUSES)]}, "PATCH")

    return Pair(
        database,
        "bulk",
        20,
        Cost(f"bulk of {_IN_BULK}", change_all, pid, 1),
        Cost("one change of status", change_one, pid, 10),
    )


PAIRS = {"board": _board, "bulk": _bulk}


def _project(ask: Ask, name: str, tasks: int) -> tuple[int, list[int]]:
    """Make a project with so many tasks, three of ten with labels, and return its id and theirs."""
    project = msgspec.json.decode(ask("/api/projects/", {"name": name}, "POST"))["id"]
    creations = [
        {
            "op": "create",
            "project": project,
            "title": f"Card {number}",
            "description": "What there is to be said of it. " * 4,
            "status": data.STATUSES[number % 4],
            "assigned_to": data.CALLER + 1,
            "labels": ["bug", "urgent"] if number % 10 < 3 else [],
        }
        for number in range(tasks)
    ]
    made = msgspec.json.decode(ask("/api/tasks/bulk/", {"operations": creations}, "POST"))
    return project, [result["id"] for result in made["results"]]


def _spend(cost: Cost, round_: int) -> tuple[float, float]:
    """Return the milliseconds of one request in this round: waited, and of the server's processor."""
    processor, wall = processor_seconds(cost.pid), time.perf_counter()
    for number in range(cost.times):
        cost.act(1 + round_ * cost.times + number)
    waited, spent = time.perf_counter() - wall, processor_seconds(cost.pid) - processor
    return 1000 * waited / cost.times, 1000 * spent / cost.times


@contextmanager
def _folder_and_stack() -> Iterator[tuple[Path, ExitStack]]:
    with ExitStack() as stack:
        yield Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="baton-bench-"))), stack
