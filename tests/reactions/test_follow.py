from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from random import Random
from threading import Lock

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from baton import wiring
from baton.core.actor import SYSTEM
from baton.core.events import log
from baton.core.events.facts.tasks import TaskWatched
from baton.core.events.log import START
from baton.core.events.record import record
from baton.core.models import Event, IdempotencyKey, ReactionCursor, User
from baton.reactions.follow import Begins, Reaction, follow, follow_all, register
from tests.factories import make_user
from tests.threads import run_together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _wired_again() -> Iterator[None]:
    yield
    register(wiring.REACTIONS)


def write_events(number: int) -> list[int]:
    written = []
    for _ in range(number):
        with transaction.atomic():
            written.append(record(SYSTEM, TaskWatched(), at=timezone.now(), project_id=1).pk)
    return written


class Notebook:
    """A reaction's handler that remembers, and raises when told to."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.is_broken = False

    def __call__(self, events: list[Event]) -> None:
        self.batches.append([event.pk for event in events])
        if self.is_broken:
            raise RuntimeError("the handler is broken")

    @property
    def seen(self) -> list[int]:
        return [number for batch in self.batches for number in batch]


def place_of(name: str) -> int:
    return ReactionCursor.objects.get(pk=name).event_id


def test_a_new_reaction_begins_with_the_first_event() -> None:
    written, notebook = write_events(3), Notebook()
    register([Reaction("notes", notebook)])
    assert follow_all() == 3
    assert notebook.seen == written
    assert place_of("notes") == written[-1]


def test_a_new_reaction_may_begin_at_the_end() -> None:
    write_events(3)
    notebook = Notebook()
    register([Reaction("notes", notebook, begins=Begins.AT_END)])
    assert follow_all() == 0
    later = write_events(2)
    assert follow_all() == 2
    assert notebook.seen == later


def test_a_reaction_goes_on_where_it_was() -> None:
    notebook = Notebook()
    register([Reaction("notes", notebook)])
    first = write_events(2)
    follow_all()
    second = write_events(1)
    follow_all()
    assert notebook.batches == [first, second]


def test_events_come_in_batches() -> None:
    written, notebook = write_events(7), Notebook()
    register([Reaction("notes", notebook, batch=3)])
    assert follow_all() == 7
    assert notebook.batches == [written[:3], written[3:6], written[6:]]


def test_looking_without_finding_takes_no_lock() -> None:
    register([Reaction("notes", Notebook())])
    write_events(1)
    follow_all()

    def look() -> int:
        with CaptureQueriesContext(connection) as queries:
            handled = follow_all()
        assert queries
        assert all(query["sql"].startswith("SELECT") for query in queries)
        assert not any("FOR UPDATE" in query["sql"] for query in queries)
        return handled

    with transaction.atomic():
        # On SQLite this is the write lock: whoever wanted it too would wait here for ever.
        User.objects.update(name="")
        assert run_together(look) == [0]


def test_one_that_raises_stays_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    written, broken, sound = write_events(5), Notebook(), Notebook()
    broken.is_broken = True
    register([Reaction("broken", broken, batch=2), Reaction("sound", sound, batch=2)])
    assert follow_all() == 5
    assert sound.seen == written
    assert broken.batches == [written[:2]]
    assert place_of("broken") == 0
    assert [line.levelname for line in caplog.records if "reaction.failed" in line.getMessage()] == ["ERROR"]
    assert "'broken'" in caplog.text

    broken.is_broken = False
    assert follow_all() == 5
    assert broken.seen == written[:2] + written


def test_what_a_failed_batch_wrote_is_undone() -> None:
    def rename_and_fail(events: list[Event]) -> None:
        User.objects.update(name="renamed")
        raise RuntimeError

    user = make_user()
    with pytest.raises(RuntimeError):
        follow(Reaction("rename", rename_and_fail))
    user.refresh_from_db()
    assert user.name == ""
    assert place_of("rename") == 0


def test_a_broken_query_leaves_the_others_a_working_connection() -> None:
    def ask_nonsense(events: list[Event]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nonsense FROM nowhere")

    written, sound = write_events(1), Notebook()
    register([Reaction("nonsense", ask_nonsense), Reaction("sound", sound)])
    assert follow_all() == 1
    assert sound.seen == written


def test_somebody_else_at_it_is_left_alone() -> None:
    """PostgreSQL steps over the locked cursor; on SQLite the second waits its turn, and finds nothing left."""
    write_events(2)
    outer, inner = Notebook(), Notebook()

    def handle(events: list[Event]) -> None:
        outer(events)
        if connection.vendor == "postgresql":
            assert run_together(lambda: follow(Reaction("notes", inner))) == [0]

    follow(Reaction("notes", handle))
    assert len(outer.seen) == 2
    assert follow(Reaction("notes", inner)) == 0
    assert inner.seen == []


def test_two_reactions_can_not_share_a_cursor() -> None:
    with pytest.raises(ValueError, match="one name"):
        register([Reaction("notes", Notebook()), Reaction("notes", Notebook())])


def test_each_event_is_handled_once_by_racing_followers_that_crash() -> None:
    """Two processes follow while four write; every third batch or so crashes after its work was done."""
    user = make_user()
    written: list[int] = []
    crashes: Counter[str] = Counter()
    guard, chance = Lock(), Random(7)

    def leave_mark(name: str) -> Callable[[list[Event]], None]:
        def handle(events: list[Event]) -> None:
            # The unique key makes a second mark for the same event an error.
            IdempotencyKey.objects.bulk_create(
                IdempotencyKey(user=user, key=f"{name}-{event.pk}", fingerprint="", status=0, body=b"")
                for event in events
            )
            with guard:
                if chance.random() < 0.3:
                    crashes[name] += 1
                    raise RuntimeError("crashed after the work, before the commit")

        return handle

    names = ("one", "two")
    register([Reaction(name, leave_mark(name), batch=5) for name in names])

    def write() -> None:
        for _ in range(15):
            written.extend(write_events(1))

    def follow_to_the_end(is_over: Callable[[], bool]) -> None:
        while not is_over() or any(log.is_behind(place(name)) for name in names):
            follow_all()

    def place(name: str) -> log.Cursor:
        row = ReactionCursor.objects.filter(pk=name).first()
        return log.Cursor(row.transaction, row.event_id) if row else START

    def is_over() -> bool:
        return len(written) == 4 * 15

    run_together(*[write] * 4, *[lambda: follow_to_the_end(is_over)] * 2)
    everything = set(Event.objects.values_list("pk", flat=True))
    assert set(written) < everything
    assert all(crashes[name] for name in names)
    marks = sorted(IdempotencyKey.objects.values_list("key", flat=True))
    assert marks == sorted(f"{name}-{number}" for name in names for number in everything)


def test_the_place_of_a_new_reaction_is_entered_once() -> None:
    write_events(1)
    notebook = Notebook()
    # Both may look at once; on a slow day both enter the cursor.
    handled = run_together(*[lambda: follow(Reaction("notes", notebook))] * 2)
    assert sum(handled) == 1
    assert len(notebook.seen) == 1


def test_the_wired_reactions_run_in_a_thread_of_a_worker() -> None:
    register(wiring.REACTIONS)
    run_together(follow_all)
    assert set(ReactionCursor.objects.values_list("name", flat=True)) == {
        reaction.name for reaction in wiring.REACTIONS
    }
