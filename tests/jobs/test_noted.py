"""Jobs leave a note of how they went, and sparingly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from celery import Task
from django.db import connection

from baton.core.models import JobRun
from baton.jobs.app import app

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


class Broken(Exception):
    pass


@pytest.fixture
def failing() -> list[bool]:
    return []


@pytest.fixture
def job(failing: list[bool]) -> Iterator[Task]:  # type: ignore[type-arg]  # generic in the stubs only
    """Give a job of the application that fails when it is told to."""

    @app.task(name="tests.job")
    def work() -> str:
        if failing:
            raise Broken("The lamp is broken.")
        return "done"

    yield app.tasks["tests.job"]
    app.tasks.unregister("tests.job")


def test_a_run_is_noted_and_the_next_takes_its_place(job: Task) -> None:  # type: ignore[type-arg]
    with time_machine.travel(NOON, tick=False):
        assert job() == "done"
    run = JobRun.objects.get()
    assert (run.name, run.started_at, run.finished_at) == ("tests.job", NOON, NOON)
    assert (run.result, run.problem) == ("done", "")
    later = NOON + timedelta(minutes=1)
    with time_machine.travel(later, tick=False):
        job()
    assert JobRun.objects.get().started_at == later


def test_it_is_noted_once_a_minute_where_nothing_is_new(job: Task) -> None:  # type: ignore[type-arg]
    with time_machine.travel(NOON, tick=False) as clock:
        job()
        clock.shift(59)
        job()
    assert JobRun.objects.get().started_at == NOON


def test_a_failure_is_noted_at_once_and_so_is_its_end(job: Task, failing: list[bool]) -> None:  # type: ignore[type-arg]
    job()
    failing.append(True)
    with pytest.raises(Broken):
        job()
    run = JobRun.objects.get()
    assert (run.result, run.problem) == ("", "Broken: The lamp is broken.")
    failing.clear()
    job()
    assert JobRun.objects.get().problem == ""


@pytest.mark.django_db(transaction=True)
def test_a_note_that_cant_be_written_takes_nothing_from_the_job(job: Task) -> None:  # type: ignore[type-arg]
    with connection.schema_editor() as editor:
        editor.alter_db_table(JobRun, "core_jobrun", "core_jobrun_away")
    try:
        assert job() == "done"
    finally:
        with connection.schema_editor() as editor:
            editor.alter_db_table(JobRun, "core_jobrun_away", "core_jobrun")
    job()
    assert JobRun.objects.count() == 1


def test_every_scheduled_job_is_one_of_them() -> None:
    from baton.jobs.noted import NotedJob

    app.loader.import_default_modules()
    for entry in app.conf.beat_schedule.values():
        assert isinstance(app.tasks[entry["task"]], NotedJob), entry["task"]
