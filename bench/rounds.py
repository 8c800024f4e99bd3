"""Interleaved rounds: what disturbs the machine for a while disturbs every program alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from bench.cores import OTHERS, on_cores, processor_seconds
from bench.data import Data
from bench.load import put_load
from bench.operations.operation import Operation
from bench.servers import Served

_WARM_UP = 0.5


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and with how many connections is measured."""

    rounds: int
    seconds: float
    clients: int


@dataclass(slots=True)
class Series:
    """What one program did in each round: requests a second, and milliseconds of processor a request."""

    rates: list[float] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Return the median rate."""
        return median(self.rates)

    @property
    def cost(self) -> float:
        """Return the median processor time of a request."""
        return median(self.milliseconds)

    def times(self, other: Series) -> list[float]:
        """Return how many times the other's rate this one's was, round by round."""
        return [ours / theirs for ours, theirs in zip(self.rates, other.rates, strict=True)]


def measure(operation: Operation, programs: Sequence[Served], rows: Data, plan: Plan) -> list[Series]:
    """Run the operation on each program in turn, round after round, and return their series. Raises BadAnswer."""
    loads = [(served, operation.requests(served, rows)) for served in programs]
    series = [Series() for _ in programs]
    with on_cores(OTHERS):
        for served, requests in loads:
            put_load(served.port, requests, operation.status, clients=plan.clients, seconds=_WARM_UP)
        for _ in range(plan.rounds):
            for found, (served, requests) in zip(series, loads, strict=True):
                before = processor_seconds(served.pid)
                load = put_load(served.port, requests, operation.status, clients=plan.clients, seconds=plan.seconds)
                spent = processor_seconds(served.pid) - before
                found.rates.append(load.answered / load.seconds)
                found.milliseconds.append(1000 * spent / load.answered)
    return series
