from __future__ import annotations

from datetime import datetime

import psycopg
import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from baton.core.actor import SYSTEM
from baton.core.events import log
from baton.core.events.facts.tasks import TaskWatched
from baton.core.events.log import START, Cursor
from baton.core.events.record import record
from baton.core.models import Event, LogEra
from baton.core.models.event import ERA_BITS
from tests.threads import run_together

needs_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL numbers transactions")


def write_event(at: datetime | None = None) -> Event:
    with transaction.atomic():
        return record(SYSTEM, TaskWatched(), at=at or timezone.now(), project_id=1)


def place_of(event: Event) -> Cursor:
    event.refresh_from_db()
    return Cursor(event.transaction, event.pk)


@pytest.mark.parametrize("text", ["0-0", "7-12", f"{2**63 - 1}-{2**63 - 1}"])
def test_a_cursor_reads_back_as_written(text: str) -> None:
    assert str(Cursor.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "1",
        "1-",
        "-1",
        "1--1",
        "1-2-3",
        "+1-2",
        " 1-2",
        "1-2 ",
        "01-2",
        "1-٣",
        "²-1",
        "a-b",
        "1_0-2",
        f"{2**63}-1",
        "9" * 5000 + "-1",
        "1-" + "9" * 5000,
        "1\n-2",
        "\0-1",
        "1.0-2",
    ],
)
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a cursor"):
        Cursor.parse(text)


@pytest.mark.django_db(transaction=True)
def test_reading_goes_on_behind_the_cursor() -> None:
    first, second, third = (place_of(write_event()) for _ in range(3))
    assert first < second < third
    assert [place_of(event) for event in log.read(first, 10)] == [second, third]
    assert [place_of(event) for event in log.read(START, 2)] == [first, second]
    assert log.end_of_log() == third
    assert log.is_behind(second)
    assert not log.is_behind(third)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite leaves transactions without numbers")
@pytest.mark.django_db
def test_on_sqlite_a_place_is_the_id_alone() -> None:
    # What `after` and `up_to` rely on there.
    assert place_of(write_event()).transaction == 0
    steps = log.settled(Event.objects.filter(log.after(0, 5))).explain()
    assert "event_in_order (transaction=? AND id>?)" in steps
    assert "TEMP B-TREE" not in steps


@pytest.mark.django_db(transaction=True)
def test_an_empty_log_ends_where_it_starts() -> None:
    assert log.end_of_log() == START
    assert not log.is_behind(START)
    assert log.read(START, 10) == []


@pytest.mark.django_db(transaction=True)
def test_a_log_in_order_keeps_its_era() -> None:
    write_event()
    log.keep_order_after_restore()
    assert not LogEra.objects.exists()


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_after_a_restore_new_events_come_behind_the_old_ones() -> None:
    old = write_event()
    # What a dump of a busier cluster would have brought along.
    Event.objects.filter(pk=old.pk).update(transaction=2**40)
    restored = place_of(old)
    assert place_of(write_event()) < restored, "this cluster's numbers start below, as in a restore"

    log.keep_order_after_restore()
    new = [place_of(write_event()) for _ in range(2)]
    assert restored < new[0] < new[1]
    assert [place_of(event) for event in log.read(restored, 10)] == new
    assert log.read(START, 10)[-1].pk == new[-1].event_id


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_each_restore_begins_one_era() -> None:
    for era in (1, 2):
        Event.objects.filter(pk=write_event().pk).update(transaction=((era - 1) << ERA_BITS) + 2**40)
        for _ in range(2):
            log.keep_order_after_restore()
            assert LogEra.objects.get().era == era


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_migrating_looks_at_the_order() -> None:
    Event.objects.filter(pk=write_event().pk).update(transaction=2**40)
    call_command("migrate", verbosity=0)
    assert LogEra.objects.get().era == 1


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_an_open_older_transaction_is_no_restore() -> None:
    with transaction.atomic():
        place_of(write_event())  # takes a number, so that the horizon stays below what follows

        def write_and_look() -> None:
            assert not log.read(START, 10), "the newer event is above the horizon while this transaction is open"
            write_event()
            log.keep_order_after_restore()

        run_together(write_and_look)
    assert not LogEra.objects.exists()
    assert len(log.read(START, 10)) == 2


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_transaction_in_another_database_does_not_hold_the_log_back() -> None:
    neighbour = {**connection.get_connection_params(), "dbname": "postgres"}
    with psycopg.connect(**neighbour) as other:
        other.execute("SELECT pg_current_xact_id()")  # writing, as far as the cluster knows
        event = place_of(write_event())
        assert [place_of(found) for found in log.read(START, 10)] == [event]


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_nobody_writes_in_two_eras() -> None:
    """A new era waits for those who are writing, so that none of their events stands below one that has been read."""
    Event.objects.filter(pk=write_event().pk).update(transaction=2**40)
    places = []
    with transaction.atomic():
        places.append(place_of(write_event()))

        def begin_era() -> bool:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '100ms'")
            try:
                log.keep_order_after_restore()
            except OperationalError as refusal:
                return "lock timeout" in str(refusal)
            return False

        assert run_together(begin_era) == [True]
        places.append(place_of(write_event()))
    assert {place.transaction >> ERA_BITS for place in places} == {0}
