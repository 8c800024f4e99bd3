"""Every filter and ordering of the compiled queries gives what plain Python makes of all the rows."""

from __future__ import annotations

from random import Random
from typing import cast

import pytest
import time_machine

from baton.core.actor import Actor
from baton.core.errors import DeadCredential, NotFound
from baton.core.models import Session, User
from baton.core.queries.keyset import Page
from baton.core.queries.task_filters import ORDERS, TaskFilters
from baton.core.queries.tasks import count_tasks, get_task, list_tasks
from tests.core.queries.world import (
    NOW,
    PASSES,
    SORTED_BY,
    World,
    expected_tasks,
    filter_values,
    is_seen,
    make_world,
    shape_of,
    sort_tasks,
)

ORDERINGS = [f"{sign}{name}" for name in ORDERS for sign in ("", "-")]
EVERYTHING = Page(1000)


@pytest.fixture(params=[1, 2])
def world(db: None, request: pytest.FixtureRequest) -> World:
    return make_world(request.param)


@pytest.fixture(autouse=True)
def _frozen(db: None) -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def viewer_of(world: World) -> Actor:
    return Actor(world.viewer.pk, is_live=True)


def random_filters(world: World, chance: Random) -> TaskFilters:
    values = filter_values(world)
    names = chance.sample(sorted(values), chance.randint(2, 3))
    return cast("TaskFilters", {name: chance.choice(values[name]) for name in names})


def list_ids(world: World, filters: TaskFilters, ordering: str) -> list[int]:
    """Return the ids of a list. One that is empty because of a thing that can't be seen is refused instead."""
    seen = [task for task in world.tasks if is_seen(world, task)]
    project, parent = filters.get("project"), filters.get("parent")
    is_hidden = project not in {None, *(task.project_id for task in seen)}
    is_hidden |= parent not in {None, *(task.pk for task in seen)}
    try:
        found = list_tasks(viewer_of(world), filters, ordering, EVERYTHING).items
    except NotFound:
        assert is_hidden
        return []
    assert found or not is_hidden
    return [task.id for task in found]


def test_the_tests_know_every_filter_and_ordering(world: World) -> None:
    assert PASSES.keys() == filter_values(world).keys() == TaskFilters.__annotations__.keys() - {"now"}
    assert SORTED_BY.keys() == ORDERS.keys()


def test_each_task_is_shown_as_it_is(world: World) -> None:
    shown = list_tasks(viewer_of(world), {}, "created_at", EVERYTHING).items
    expected = sort_tasks(expected_tasks(world, {}), "created_at")
    assert shown == [shape_of(task) for task in expected]
    assert len(expected) > 20
    for task in expected[:10]:
        assert get_task(viewer_of(world), task.pk) == shape_of(task)


def test_what_is_not_seen_is_not_there(world: World) -> None:
    hidden = [task for task in world.tasks if not is_seen(world, task)]
    assert {task.project.key for task in hidden} >= {"OUT", "GON"}
    for task in hidden:
        with pytest.raises(NotFound):
            get_task(viewer_of(world), task.pk)


def test_each_filter_lets_through_what_it_says(world: World) -> None:
    for name, values in filter_values(world).items():
        for value in values:
            filters = cast("TaskFilters", {name: value})
            expected = [task.pk for task in sort_tasks(expected_tasks(world, filters), "created_at")]
            assert list_ids(world, filters, "created_at") == expected, filters
            assert count_tasks(viewer_of(world), filters) == len(expected), filters


def test_filters_hold_together(world: World) -> None:
    chance = Random(3)
    hits = 0
    for _ in range(150):
        filters, ordering = random_filters(world, chance), chance.choice(ORDERINGS)
        expected = [task.pk for task in sort_tasks(expected_tasks(world, filters), ordering)]
        assert list_ids(world, filters, ordering) == expected, (filters, ordering)
        hits += bool(expected)
    assert hits > 20, "most combinations met nothing, and so proved little"


@pytest.mark.parametrize("ordering", ORDERINGS)
def test_pages_there_and_back_meet_everything_once(world: World, ordering: str) -> None:
    actor = viewer_of(world)
    expected = [task.pk for task in sort_tasks(expected_tasks(world, {}), ordering)]
    forwards, page = [], Page(7)
    while True:
        found = list_tasks(actor, {}, ordering, page)
        forwards += [task.id for task in found.items]
        assert (found.previous_keys is None) == (page.start is None)
        if found.next_keys is None:
            break
        page = Page(7, found.next_keys)
    assert forwards == expected

    backwards = [task.id for task in found.items]
    while found.previous_keys is not None:
        found = list_tasks(actor, {}, ordering, Page(7, found.previous_keys, backwards=True))
        assert found.next_keys is not None
        backwards = [task.id for task in found.items] + backwards
    assert backwards == expected


def test_a_dead_credential_sees_nothing(world: World) -> None:
    session = Session.objects.create(user=world.viewer, audience="native", expires_at=NOW)
    actor = Actor(world.viewer.pk, session.pk, world.viewer.token_epoch)
    seen = expected_tasks(world, {})
    assert len(list_tasks(actor, {}, "created_at", EVERYTHING).items) == len(seen)
    assert count_tasks(actor, {}) == len(seen)
    get_task(actor, seen[0].pk)

    for kill in ({"ended_at": NOW}, {"ended_at": None, "user": world.users[1]}):
        Session.objects.filter(pk=session.pk).update(**kill)
        for ask in (
            lambda: list_tasks(actor, {}, "created_at", EVERYTHING),
            lambda: count_tasks(actor, {}),
            lambda: get_task(actor, seen[0].pk),
        ):
            with pytest.raises(DeadCredential):
                ask()


@pytest.mark.parametrize("change", [{"is_active": False}, {"token_epoch": 1}])
def test_a_changed_account_sees_nothing(world: World, change: dict[str, object]) -> None:
    session = Session.objects.create(user=world.viewer, audience="native", expires_at=NOW)
    User.objects.filter(pk=world.viewer.pk).update(**change)
    with pytest.raises(DeadCredential):
        list_tasks(Actor(world.viewer.pk, session.pk, 0), {}, "created_at", EVERYTHING)
