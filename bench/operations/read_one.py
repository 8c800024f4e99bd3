"""read-one: a task by its id."""

from __future__ import annotations

import random
from collections.abc import Iterator

from bench.data import CALLER, Data
from bench.operations.operation import Operation, compare
from bench.servers import Served

_CHECKED = 60


def _requests(served: Served, rows: Data) -> Iterator[bytes]:
    chance = random.Random(5)
    seen = rows.seen_by(CALLER)
    ids = chance.sample(seen, min(500, len(seen)))
    requests = [served.request("GET", f"/api/tasks/{index + 1}/") for index in ids]
    while True:
        yield from requests


def _check(ours: Served, theirs: Served, rows: Data) -> None:
    seen = rows.seen_by(CALLER)
    for index in random.Random(6).sample(seen, _CHECKED):
        path = f"/api/tasks/{index + 1}/"
        compare(path, ours.ask("GET", path), theirs.ask("GET", path))
    hidden = next(index for index in range(len(rows.tasks)) if index not in set(seen))
    for path, signed_in in ((f"/api/tasks/{hidden + 1}/", True), (f"/api/tasks/{seen[0] + 1}/", False)):
        # What is refused is refused by both; each has its own words for it.
        statuses = [served.ask("GET", path, signed_in=signed_in)[0] for served in (ours, theirs)]
        compare(path, statuses[0], statuses[1])


READ_ONE = Operation("read-one", 7, 200, _requests, _check)
