"""One change through any surface gives the same row, the same events and the same refusal as through the native API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from baton.core.models import Event, Task, User
from baton.lib.variables import DIALECTS as NAMES
from tests.cast import Cast
from tests.surfaces.ways_in import DIALECTS, Said, Verdict, Way, native
from tests.traces import snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

NEW = {"title": "Water the plants", "description": "Twice a day.", "status": "todo"}
CHANGES: Mapping[str, Mapping[str, str]] = {
    "another title": {"title": "Water the ferns"},
    "another description": {"description": "Once."},
    "begun or done": {"status": "done"},
    "all at once": {"title": "Prune", "description": "In spring.", "status": "done"},
    "nothing new": {"title": NEW["title"], "status": "todo"},
}
OWN = ("id", "uuid", "number", "rank", "unique_title", "created_at", "updated_at", "completed_at")
"""What two tasks can't have in common."""

Step = Callable[[Way, User | None, int], Said]


def test_every_dialect_is_compared() -> None:
    assert tuple(way.name for way in DIALECTS) == NAMES.default


@pytest.fixture(params=DIALECTS, ids=lambda way: way.name)
def way(request: pytest.FixtureRequest) -> Way:
    found: Way = request.param
    return found


@pytest.fixture
def other(way: Way) -> Way:
    """Return the native API on the same tasks."""
    return native(way.home, way.told)


def outcome_of(task: int) -> tuple[dict[str, Any], list[tuple[str, Any]]]:
    """Return the row and its events, without what makes them this one's."""
    row: dict[str, Any] = dict(Task.objects.filter(pk=task).values().get())
    is_done, is_gone = row.pop("completed_at") is not None, row.pop("trashed_at") is not None
    row = {name: value for name, value in row.items() if name not in OWN}
    events = [(event.verb, _timeless(event.changes)) for event in Event.objects.filter(task=task).order_by("id")]
    return {**row, "is_done": is_done, "is_gone": is_gone}, events


def _timeless(changes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: [value is not None for value in values] if name == "completed_at" else values
        for name, values in changes.items()
    }


def work() -> dict[str, Any]:
    """Return the rows of what people work on, and what is told of it; logging in is not."""
    rows = snapshot()
    told = [event for event in rows["Event"] if event["project_id"] is not None]
    return {"Event": told, **{name: rows[name] for name in ("Assignment", "Comment", "Project", "Task")}}


def create(by: Way, user: User) -> int:
    said, body = by.create(user, NEW)
    assert said is Verdict.DONE, body
    number: int = by.id_of(body)
    return number


def test_creating(way: Way, other: Way, cast: Cast) -> None:
    first = create(way, cast.owner)
    through = outcome_of(first)
    way.trash(cast.owner, first)  # where no two tasks may be called alike

    assert through == outcome_of(create(other, cast.owner))
    assert Event.objects.filter(task=first).values_list("surface", flat=True).first() == way.name


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_changing(way: Way, other: Way, cast: Cast, change: Mapping[str, str]) -> None:
    outcomes = []
    for by in (way, other):
        task = create(other, cast.owner)
        assert by.edit(cast.owner, task, change)[0] is Verdict.DONE
        outcomes.append(outcome_of(task))
        other.trash(cast.owner, task)

    assert outcomes[0] == outcomes[1]


def test_trashing(way: Way, other: Way, cast: Cast) -> None:
    outcomes = []
    for by in (way, other):
        task = create(other, cast.owner)
        assert by.trash(cast.owner, task)[0] is Verdict.DONE
        outcomes.append(outcome_of(task))
        assert by.edit(cast.owner, task, {"title": "Late"})[0] is Verdict.INVISIBLE

    assert outcomes[0] == outcomes[1]


REFUSED: Mapping[str, Step] = {
    "a foreign title": lambda by, user, task: by.edit(user, task, {"title": "Mine"}),
    "a foreign status": lambda by, user, task: by.edit(user, task, {"status": "done"}),
    "trashing what is foreign": lambda by, user, task: by.trash(user, task),
    "too long a title": lambda by, user, _task: by.create(user, {**NEW, "title": "x" * 201}),
    "an unstorable title": lambda by, user, _task: by.create(user, {**NEW, "title": "a\0b"}),
    "no title": lambda by, user, _task: by.create(user, {**NEW, "title": ""}),
}


@pytest.mark.parametrize("step", REFUSED.values(), ids=REFUSED)
def test_a_stranger_is_refused_alike(way: Way, other: Way, cast: Cast, step: Step) -> None:
    task = create(other, cast.owner)
    native_said = step(other, cast.outsider, task)[0]
    assert native_said is not Verdict.DONE
    before = work()
    assert step(way, cast.outsider, task)[0] is native_said
    assert work() == before


@pytest.mark.parametrize("step", REFUSED.values(), ids=REFUSED)
def test_nobody_is_asked_who_they_are(way: Way, other: Way, cast: Cast, step: Step) -> None:
    task = create(other, cast.owner)
    before = work()
    assert step(other, None, task)[0] is step(way, None, task)[0] is Verdict.NOBODY
    assert work() == before
