"""The log is followed as soon as it has grown. No schedule runs here: what is followed, a commit has asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep

import pytest
from django.db import connection, transaction
from django.utils import timezone

from baton import wiring
from baton.core.actor import SYSTEM
from baton.core.events.facts.tasks import TaskWatched
from baton.core.events.record import record
from baton.core.models import Event
from baton.jobs.follower import Follower
from baton.reactions.follow import Reaction, follow_all, register
from tests.threads import own_connection

pytestmark = pytest.mark.django_db(transaction=True)


class Notebook:
    """A reaction's handler that remembers what it was given, batch by batch."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.is_broken = False

    def __call__(self, events: list[Event]) -> None:
        if self.is_broken:
            raise RuntimeError("the handler is broken")
        self.batches.append([event.pk for event in events])

    @property
    def seen(self) -> list[int]:
        return [event for batch in self.batches for event in batch]

    def wait_for(self, event: int, seconds: float = 20) -> float:
        """Wait until the event has been handled; return how long that took."""
        began = monotonic()
        while event not in self.seen:
            assert monotonic() - began < seconds, "nobody has followed the log"
            sleep(0.002)
        return monotonic() - began


@pytest.fixture
def notebook() -> Iterator[Notebook]:
    made = Notebook()
    register([Reaction("notebook", made)])
    yield made
    register(wiring.REACTIONS)


@pytest.fixture
def follower(notebook: Notebook) -> Iterator[Follower]:
    made = Follower()
    made.start()
    yield made
    made.stop()


@contextmanager
def an_older_transaction() -> Iterator[Callable[[], None]]:
    """Hold a transaction that says nothing at its end; gives what ends it. It begins before anything is written."""
    if connection.vendor != "postgresql":
        pytest.skip("about PostgreSQL")
    has_begun, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        with own_connection(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()")
            has_begun.set()
            may_end.wait(30)

    def end_it() -> None:
        may_end.set()
        holding.join()

    holding = threading.Thread(target=hold)
    holding.start()
    try:
        assert has_begun.wait(30)
        yield end_it
    finally:
        end_it()


def write() -> int:
    with transaction.atomic():
        return record(SYSTEM, TaskWatched(), at=timezone.now(), project_id=1).pk


@pytest.mark.usefixtures("follower")
def test_a_commit_is_followed(notebook: Notebook) -> None:
    for _ in range(3):
        notebook.wait_for(write())


@pytest.mark.usefixtures("follower")
def test_many_commits_are_followed_together_and_each_once(notebook: Notebook) -> None:
    written = [write() for _ in range(100)]
    notebook.wait_for(written[-1])
    assert notebook.seen == written
    assert len(notebook.batches) < 100


@pytest.mark.usefixtures("follower")
def test_a_reaction_that_fails_is_tried_again_with_the_next_commit(notebook: Notebook) -> None:
    notebook.is_broken = True
    first = write()
    sleep(0.3)
    notebook.is_broken = False
    second = write()
    notebook.wait_for(second)
    assert notebook.seen == [first, second]


@pytest.mark.usefixtures("follower")
def test_what_has_not_settled_is_followed_when_it_has(notebook: Notebook) -> None:
    with an_older_transaction() as end_it:
        written = write()
        sleep(0.3)
        assert notebook.batches == []
        end_it()
        notebook.wait_for(written)


def test_what_settles_just_behind_the_reading_is_followed(notebook: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    follower = Follower()
    with an_older_transaction() as end_it:

        def follow_and_then_let_it_settle() -> int:
            handled = follow_all()
            end_it()
            return handled

        monkeypatch.setattr("baton.jobs.follower.follow_all", follow_and_then_let_it_settle)
        written = write()
        follower.start()
        notebook.wait_for(written)
    follower.stop()


def test_it_ends_though_nothing_happens(notebook: Notebook) -> None:
    follower = Follower()
    follower.start()
    sleep(0.1)
    began = monotonic()
    follower.stop()
    assert monotonic() - began < 5
    written = write()
    sleep(0.2)
    assert written not in notebook.seen
