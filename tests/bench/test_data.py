from __future__ import annotations

import pytest

from bench.data import CALLER, generate
from bench.operations.operation import Differs, compare

ROWS = generate(2000)


def test_the_same_seed_gives_the_same_rows() -> None:
    generate.cache_clear()
    assert generate(2000) == ROWS
    assert generate(2000, seed=3) != ROWS


def test_has_the_shares_it_promises() -> None:
    tasks = ROWS.tasks
    assert 0.08 < sum(len(task.assignees) > 1 for task in tasks) / len(tasks) < 0.12
    assert 0.27 < sum(bool(task.labels) for task in tasks) / len(tasks) < 0.33
    assert 0.4 < len(ROWS.seen_by(CALLER)) / len(tasks) < 0.8


def test_people_and_parents_belong_to_the_project() -> None:
    for task in ROWS.tasks:
        members = ROWS.projects[task.project].members
        assert {*task.assignees, task.created_by} <= set(members)
        assert task.parent is None or ROWS.tasks[task.parent].project == task.project


def test_a_difference_in_values_or_in_the_order_of_keys_is_found() -> None:
    compare("same", {"a": 1, "b": 2}, {"a": 1, "b": 2})
    for other in ({"b": 2, "a": 1}, {"a": 1, "b": None}, {"a": 1, "b": 2.0}):
        with pytest.raises(Differs):
            compare("other", {"a": 1, "b": 2}, other)
