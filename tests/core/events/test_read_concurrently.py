"""The log is read in order and without gaps while it is written (ADR 0006)."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from threading import Event as Signal
from time import sleep

import pytest
from django.db import connection, transaction
from django.utils import timezone

from baton.core.actor import SYSTEM, Actor
from baton.core.events import log
from baton.core.events.facts.tasks import TaskWatched
from baton.core.events.log import START, Cursor
from baton.core.events.record import record
from baton.core.models import Event, Project
from baton.core.queries.events import poll_events
from tests.factories import actor_of, make_project, make_user
from tests.threads import run_together

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 16
SOMEWHERE_ELSE = 10**9
TRANSACTIONS = 12
Places = list[Cursor]
Read = Callable[[Cursor], tuple[Places, Cursor]]
"""Read behind a place; give what is there, and the place to go on from."""


class Undo(Exception):
    """Rolls a transaction back."""


def write_event(project_id: int) -> Cursor:
    return place_of(record(SYSTEM, TaskWatched(), at=timezone.now(), project_id=project_id))


def place_of(event: Event) -> Cursor:
    event.refresh_from_db(fields=["transaction"])
    return Cursor(event.transaction, event.pk)


def write_some(project_id: int, chance: Random) -> Places:
    """Write up to four events, one of them perhaps in a savepoint that is undone; return those that stay."""
    stays = []
    for _ in range(chance.randint(1, 3)):
        stays.append(write_event(project_id))
        if chance.random() < 0.3:
            write_event(SOMEWHERE_ELSE)
        sleep(chance.random() / 200)
    if chance.random() < 0.3:
        with transaction.atomic():
            write_event(project_id)
            transaction.set_rollback(True)
    return stays


def write_many(project_id: int, seed: int) -> Places:
    """Run transactions of which every fourth or so is rolled back; return what was committed."""
    chance, committed = Random(seed), Places()
    for _ in range(TRANSACTIONS):
        try:
            with transaction.atomic():
                stays = write_some(project_id, chance)
                if chance.random() < 0.25:
                    raise Undo
        except Undo:
            continue
        committed += stays
    return committed


def follow(read: Read, is_over: Signal) -> Places:
    """Poll from the start, a few events at a time, until everything has been written and read."""
    seen, place = Places(), START
    while True:
        was_over = is_over.is_set()
        new, place = read(place)
        seen += new
        if was_over and not new:
            return seen
        if not new:
            sleep(0.001)


def read_everything(place: Cursor) -> tuple[Places, Cursor]:
    found = [Cursor(event.transaction, event.pk) for event in log.read(place, 7)]
    return found, found[-1] if found else place


def poll_as(actor: Actor, project_id: int) -> Read:
    def read(place: Cursor) -> tuple[Places, Cursor]:
        page = poll_events(actor, place, 5, project_id=project_id)
        return [Cursor.parse(event.cursor) for event in page.events], page.cursor

    return read


def write_and_read(project: Project, readers: list[Read]) -> tuple[Places, list[Places]]:
    """Let the writers and the readers loose on the log; return what was committed, and what each reader saw."""
    is_over = Signal()

    def write_all() -> list[Places]:
        try:
            return run_together(*(lambda seed=seed: write_many(project.pk, seed) for seed in range(WRITERS)))
        finally:
            is_over.set()

    seen, *others = run_together(write_all, *(lambda read=read: [follow(read, is_over)] for read in readers))
    return [place for places in seen for place in places], [places for (places,) in others]


def test_every_committed_event_is_read_once_and_in_order() -> None:
    user = make_user()
    project = make_project(user)
    before, _ = read_everything(START)
    readers = [read_everything, read_everything, poll_as(actor_of(user), project.pk)]
    committed, (one, other, own) = write_and_read(project, readers)
    created = Event.objects.get(project=project, verb="project.created")
    elsewhere = [place_of(event) for event in Event.objects.filter(project=SOMEWHERE_ELSE)]
    assert min(len(committed), len(elsewhere)) > WRITERS
    assert one == other == sorted({*before, *committed, *elsewhere})
    assert own == sorted({place_of(created), *committed})


def read_while_one_commits_late(project_id: int) -> tuple[Places, Places]:
    """Write one event that is committed only after a later one has been read; return what was written and read."""
    is_written, may_commit = Signal(), Signal()

    def write_late() -> Cursor:
        with transaction.atomic():
            place = write_event(project_id)
            is_written.set()
            assert may_commit.wait(10)
            return place

    def read_early() -> Cursor:
        assert is_written.wait(10)
        with transaction.atomic():
            quick = write_event(project_id)
        seen.extend(read_everything(START)[0])
        may_commit.set()
        return quick

    seen: Places = []
    written = run_together(write_late, read_early)
    seen.extend(read_everything(seen[-1] if seen else START)[0])
    return written, seen


@pytest.fixture
def only_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer: nobody commits late")


@pytest.mark.usefixtures("only_postgresql")
def test_an_event_committed_late_is_not_passed_by() -> None:
    written, seen = read_while_one_commits_late(project_id=1)
    assert seen == sorted(written)


@pytest.mark.usefixtures("only_postgresql")
def test_without_the_horizon_it_would_be_passed_by(monkeypatch: pytest.MonkeyPatch) -> None:
    # The test of the test above: this is the gap that the horizon closes.
    monkeypatch.setattr(log.Horizon, "as_postgresql", log.Horizon.as_sqlite)
    (late, quick), seen = read_while_one_commits_late(project_id=1)
    assert seen == [quick]
    assert late < quick


@pytest.mark.usefixtures("only_postgresql")
def test_without_the_horizon_the_crowd_would_lose_events(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log.Horizon, "as_postgresql", log.Horizon.as_sqlite)
    project = make_project(make_user())
    committed, (seen,) = write_and_read(project, [read_everything])
    assert not set(committed) <= set(seen)
