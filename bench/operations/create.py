"""create: a new task with its history, like the generated ones: most have a lead, 3 in 10 have labels."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from bench.data import CALLER, LABELS, PRIORITIES, Data, description, labels, title
from bench.operations.operation import Differs, Operation, compare
from bench.servers import Served

_PATH = "/api/tasks/"
_CHECKED = 30
# What no two creations have in common; id and number go on from the creations before.
_OWN = ("id", "uuid", "key", "created_at", "updated_at")


def _requests(served: Served, rows: Data) -> Iterator[bytes]:
    chance = random.Random(7)
    requests = [served.request("POST", _PATH, _new_task(chance, rows)) for _ in range(500)]
    while True:
        yield from requests


def _new_task(chance: random.Random, rows: Data) -> dict[str, Any]:
    projects = [index for index, project in enumerate(rows.projects) if CALLER in project.members]
    project = chance.choice(projects)
    task: dict[str, Any] = {
        "project": project + 1,
        "title": title(chance),
        "description": description(chance),
        "priority": chance.choice(PRIORITIES),
    }
    if chance.random() < 0.75:
        task["assigned_to"] = chance.choice(rows.projects[project].members) + 1
    if chance.random() < 0.5:
        task["due_date"] = "2026-12-24T12:00:00Z"
    if carried := labels(chance):
        task["labels"] = list(carried)
    return task


def _check(ours: Served, theirs: Served, rows: Data) -> None:
    chance = random.Random(8)
    for _ in range(_CHECKED):
        body = _new_task(chance, rows)
        answers = [served.ask("POST", _PATH, body) for served in (ours, theirs)]
        compare(f"POST {body}", *(_without_own(status, answer) for status, answer in answers))
        for served, (_, answer) in zip((ours, theirs), answers, strict=True):
            compare("the created task, read again", served.ask("GET", f"{_PATH}{answer['id']}/"), (200, answer))
    hidden = next(index for index, project in enumerate(rows.projects) if CALLER not in project.members)
    for bad in ({"project": 1}, {"project": hidden + 1, "title": LABELS[0]}):
        for served in (ours, theirs):
            if not 400 <= served.ask("POST", _PATH, bad)[0] < 500:
                raise Differs(f"{served.name} took {bad}")


def _without_own(status: int, answer: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    return status, {name: value for name, value in answer.items() if name not in _OWN}


CREATE = Operation("create", 4, 201, _requests, _check)
