"""Walking the pages of a long list, in every ordering, while tasks are being added: nobody is missed or met twice."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from baton.core.models import Project, Task, User
from baton.lib import rank
from tests.caller import Caller
from tests.cast import Cast

ORDERINGS = ["created_at", "updated_at", "due_date", "priority", "rank", "title"]
DAY = timedelta(days=1)
START = datetime(2026, 1, 1, tzinfo=UTC)


def fill(project: Project, creator: User, count: int, seed: int) -> set[int]:
    """Add tasks with many equal and many missing sort keys, straight into the table; return their ids."""
    chance = random.Random(seed)
    first = project.last_number + 1
    project.last_number += count
    project.save()
    tasks = [
        Task(
            project=project,
            number=number,
            title=chance.choice(["Anna", "anna", "Ёлка", "ёлка", "élan", "Zoe", "a b", "a-b", "100%", "", "😀"]) or "_",
            priority=chance.choice([1, 2, 3]),
            due_at=chance.choice([None, None, START, START + DAY, START + timedelta(microseconds=1)]),
            rank=rank.initial(number),
            created_by=creator,
            created_at=START + chance.randrange(5) * DAY,
            updated_at=START + chance.randrange(5) * DAY,
        )
        for number in range(first, first + count)
    ]
    return {task.pk for task in Task.objects.bulk_create(tasks)}


def walk(caller: Caller, url: str, direction: str) -> list[dict[str, Any]]:
    """Return the pages from `url` on."""
    pages = []
    while url:
        answer = caller.get(url)
        assert answer.status == 200, answer.body
        pages.append(answer.body)
        url = answer.body[direction]
    return pages


@pytest.mark.parametrize("size", [7, 40])
@pytest.mark.parametrize("ordering", [sign + name for name in ORDERINGS for sign in ("", "-")])
def test_there_and_back(cast: Cast, ordering: str, size: int) -> None:
    ids = fill(cast.project, cast.owner, 120, seed=1)
    viewer = Caller(cast.viewer)
    pages = walk(viewer, f"/api/tasks/?ordering={ordering}&page_size={size}", "next")
    there = [task["id"] for page in pages for task in page["results"]]
    assert len(there) == 120
    assert set(there) == ids
    assert pages[0]["previous"] is None
    assert all(len(page["results"]) == size for page in pages[:-1])

    # The page before the last one, and so on to the first.
    back = walk(viewer, pages[-1]["previous"], "previous")
    assert [page["results"] for page in back] == [page["results"] for page in pages[-2::-1]]
    assert [page["next"] is None for page in back] == [False] * len(back)


@pytest.mark.parametrize("ordering", [sign + name for name in ORDERINGS for sign in ("", "-")])
def test_the_order_is_the_one_that_was_asked_for(cast: Cast, ordering: str) -> None:
    fill(cast.project, cast.owner, 120, seed=2)
    pages = walk(Caller(cast.viewer), f"/api/tasks/?ordering={ordering}&page_size=50", "next")
    tasks = [task for page in pages for task in page["results"]]
    name, descending = ordering.removeprefix("-"), ordering.startswith("-")
    if name == "title":
        groups = [task["title"] for task in tasks]
        assert len(set(groups)) == 1 + sum(one != other for one, other in pairwise(groups))
        return
    keys = [_key(task, name) for task in tasks]
    with_value = [key for key in keys if key[0] is not None]
    assert keys[: len(with_value)] == with_value, "what has no value stands last"
    assert with_value == sorted(with_value, reverse=descending)
    without = [key[1] for key in keys[len(with_value) :]]
    assert without == sorted(without, reverse=descending)


@pytest.mark.parametrize("direction", ["next", "previous"])
@pytest.mark.parametrize("ordering", [sign + name for name in ORDERINGS for sign in ("", "-")])
def test_inserts_in_between_hide_nobody(cast: Cast, ordering: str, direction: str) -> None:
    ids = fill(cast.project, cast.owner, 120, seed=3)
    viewer = Caller(cast.viewer)
    url = f"/api/tasks/?ordering={ordering}&page_size=25"
    if direction == "previous":
        last = walk(viewer, url, "next")[-1]
        met = [task["id"] for task in last["results"]]
        url = last["previous"]
    else:
        met = []
    seed = 100
    while url:
        page = viewer.get(url).body
        met += [task["id"] for task in page["results"]]
        url = page[direction]
        fill(cast.project, cast.owner, 5, seed=(seed := seed + 1))
    assert len(met) == len(set(met)), "somebody was met twice"
    assert ids <= set(met), "somebody was missed"


def test_rows_that_go_away_hide_nobody(cast: Cast) -> None:
    ids = fill(cast.project, cast.owner, 60, seed=4)
    viewer = Caller(cast.viewer)
    page = viewer.get("/api/tasks/?ordering=due_date&page_size=20").body
    met = [task["id"] for task in page["results"]]
    Task.objects.filter(pk__in=met[10:]).delete()
    rest = [task["id"] for page in walk(viewer, page["next"], "next") for task in page["results"]]
    assert set(met) | set(rest) == ids
    assert not set(met) & set(rest)


def test_the_link_header_says_the_same(cast: Cast) -> None:
    fill(cast.project, cast.owner, 12, seed=5)
    viewer = Caller(cast.viewer)
    first = viewer.get("/api/tasks/?page_size=5")
    assert first.headers["Link"] == f'<{first.body["next"]}>; rel="next"'
    second = viewer.get(first.body["next"])
    links = second.headers["Link"]
    assert links == f'<{second.body["next"]}>; rel="next", <{second.body["previous"]}>; rel="prev"'


def _key(task: dict[str, Any], name: str) -> tuple[Any, int]:
    if name == "priority":
        return ["low", "medium", "high"].index(task["priority"]), task["id"]
    if name == "rank":
        return Task.objects.get(pk=task["id"]).rank, task["id"]
    return _moment(task[name]), task["id"]


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
