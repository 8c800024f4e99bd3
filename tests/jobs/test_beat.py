"""The scheduler makes up for what was missed, by what the table says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from kombu import Connection
from structlog.testing import capture_logs

from baton.core.commands.job_runs import note_run
from baton.core.models import JobRun
from baton.jobs.app import app
from baton.jobs.beat import Scheduler

# It closes its connection after each look, which inside a test's transaction would be the end of that.
pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
THIS_NIGHT = datetime(2026, 11, 21, 3, 20, tzinfo=UTC)


def note_all(at: datetime) -> None:
    for entry in app.conf.beat_schedule.values():
        note_run(entry["task"], at, at)


def due(scheduler: Scheduler) -> set[str]:
    entries: Any = scheduler.schedule.items()
    return {name for name, entry in entries if entry.is_due().is_due}


@time_machine.travel(NOON, tick=False)
def test_what_has_never_run_is_due_at_once() -> None:
    assert {"empty-trash", "sweep-files", "forget-guesses"} <= due(Scheduler(app))


@time_machine.travel(NOON, tick=False)
def test_what_comes_every_few_seconds_waits_for_its_time() -> None:
    assert not {"follow-log", "deliver-due"} & due(Scheduler(app))


@time_machine.travel(NOON, tick=False)
def test_what_was_missed_while_the_server_was_off_is_due() -> None:
    note_all(NOON - timedelta(minutes=1))
    note_run("baton.empty_trash", THIS_NIGHT - timedelta(hours=1), THIS_NIGHT)
    assert due(Scheduler(app)) == {"empty-trash"}


@time_machine.travel(NOON, tick=False)
def test_what_has_run_in_time_is_not() -> None:
    note_all(NOON - timedelta(minutes=1))
    note_run("baton.empty_trash", THIS_NIGHT, THIS_NIGHT)
    assert due(Scheduler(app)) == set()


def test_what_a_broker_has_lost_is_sent_again_an_hour_later() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        note_all(NOON)
        scheduler = Scheduler(app)
        clock.move_to(datetime(2026, 11, 22, 3, 20, 1, tzinfo=UTC))
        JobRun.objects.exclude(name="baton.empty_trash").update(started_at=datetime.now(UTC) + timedelta(hours=2))
        assert "empty-trash" in due(scheduler)
        scheduler.reserve(scheduler.schedule["empty-trash"])

        clock.shift(timedelta(minutes=50))
        scheduler.sync()
        assert "empty-trash" not in due(scheduler)

        clock.shift(timedelta(minutes=11))
        scheduler.sync()
        assert "empty-trash" in due(scheduler)


def test_it_works_by_the_clock_alone_while_the_database_is_out_of_reach() -> None:
    with connection.schema_editor() as editor:
        editor.alter_db_table(JobRun, "core_jobrun", "core_jobrun_away")
    try:
        with capture_logs() as logged:
            assert due(Scheduler(app)) == set()
    finally:
        with connection.schema_editor() as editor:
            editor.alter_db_table(JobRun, "core_jobrun_away", "core_jobrun")
    assert [line["event"] for line in logged] == ["beat.runs_unknown"]


def test_a_job_that_cant_be_sent_is_one_line_in_the_log() -> None:
    scheduler = Scheduler(app)
    with Connection("redis://127.0.0.1:1/0") as away, capture_logs() as logged:
        producer = app.amqp.Producer(away, auto_declare=False)
        scheduler.apply_entry(scheduler.schedule["empty-trash"], producer=producer)
    assert [(line["event"], line["job"]) for line in logged] == [("beat.not_sent", "baton.empty_trash")]
