"""What a report counts: compared with a count by hand, and with itself once time has gone on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from statistics import mean, median
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.commands.members import remove_member
from baton.core.commands.task_assignment import assign_task
from baton.core.commands.task_status import change_status
from baton.core.commands.tasks import edit_task, trash_task
from baton.core.errors import NotFound
from baton.core.models import Event, Status, Task
from baton.core.queries.report import get_report
from baton.core.queries.report_shapes import Report
from baton.lib.periods import Period
from tests.cast import Cast
from tests.factories import actor_of, make_task

ZONE = ZoneInfo("UTC")
MAY = Period(date(2026, 5, 1), date(2026, 5, 31), ZONE)
HOUR = 3600


def report_of(cast: Cast, period: Period = MAY) -> Report:
    return get_report(actor_of(cast.viewer), cast.project.pk, period)


def at(day: int, month: int = 5, hour: int = 12) -> Any:
    return time_machine.travel(datetime(2026, month, day, hour, tzinfo=UTC), tick=False)


def made(cast: Cast, day: int, month: int = 5, **fields: Any) -> Task:
    with at(day, month):
        return make_task(cast.owner, cast.project, **fields)


def moved(cast: Cast, task: Task, status: str, day: int, month: int = 5) -> None:
    with at(day, month):
        change_status(actor_of(cast.owner), task.pk, status)


def test_what_it_counts(cast: Cast) -> None:
    editor, viewer = cast.editor.pk, cast.viewer.pk
    earlier = made(cast, 20, 4, assignees=[editor], priority=3)
    made(cast, 2, assignees=[viewer, editor], due_at=datetime(2026, 5, 20, tzinfo=UTC))
    later = made(cast, 10, priority=1, due_at=datetime(2026, 6, 20, tzinfo=UTC))
    archived = made(cast, 1, 4)
    moved(cast, archived, "done", 2, 4)
    moved(cast, later, "review", 11)
    moved(cast, earlier, "done", 12)
    with at(1, 6):
        report = report_of(cast)
    assert (report.created, report.done, report.open, report.overdue) == (2, 1, 2, 1)
    assert report.by_status == {"todo": 1, "planned": 0, "in_progress": 0, "review": 1, "done": 1}
    assert msgspec.to_builtins(report.by_priority) == {
        "low": {"open": 1, "done": 0, "overdue": 0},
        "medium": {"open": 1, "done": 0, "overdue": 1},
        "high": {"open": 0, "done": 1, "overdue": 0},
    }
    people = [(row.person.id if row.person else None, row.by_status, row.overdue) for row in report.by_person]
    none = dict.fromkeys(Status.values, 0)
    assert people == [
        (editor, {**none, "done": 1}, 0),
        (viewer, {**none, "todo": 1}, 1),
        (None, {**none, "review": 1}, 0),
    ]
    assert report.cycle_time.median == report.cycle_time.mean == 22 * 24 * HOUR
    series = {step.on.day: (step.created, step.done) for step in report.series if step.created or step.done}
    assert series == {2: (1, 0), 10: (1, 0), 12: (0, 1)}
    assert [step.on for step in report.series] == MAY.steps


def test_cycle_times(cast: Cast) -> None:
    took = [1, 2, 30, 100, 400, 1000]
    start = datetime(2026, 3, 1, tzinfo=UTC)
    for hours in took:
        with time_machine.travel(start, tick=False):
            task = make_task(cast.owner, cast.project)
        with time_machine.travel(start + timedelta(hours=hours), tick=False):
            change_status(actor_of(cast.owner), task.pk, "done")
    times = report_of(cast, Period(date(2026, 3, 1), date(2026, 4, 30), ZONE)).cycle_time
    assert times.count == len(took)
    assert (times.median, times.mean) == (median(took) * HOUR, round(mean(took) * HOUR))
    assert times.percentile_75 == 325 * HOUR  # three quarters of the way from 100 to 400
    assert [bucket.count for bucket in times.buckets] == [2, 0, 1, 1, 0, 1, 1]


def test_an_empty_period_has_no_times(cast: Cast) -> None:
    report = report_of(cast, Period(date(2020, 1, 1), date(2020, 1, 2), ZONE))
    assert (report.created, report.done, report.open, report.by_person) == (0, 0, 0, [])
    assert (report.cycle_time.count, report.cycle_time.median, report.cycle_time.mean) == (0, None, None)


def test_days_are_the_readers(cast: Cast) -> None:
    with time_machine.travel("2026-05-31T22:30:00Z", tick=False):
        make_task(cast.owner, cast.project)
    for zone, count in (("UTC", 1), ("Europe/Berlin", 0), ("America/New_York", 1)):
        assert report_of(cast, Period(date(2026, 5, 1), date(2026, 5, 31), ZoneInfo(zone))).created == count


def test_what_lies_in_the_trash_does_not_count(cast: Cast) -> None:
    task = made(cast, 3)
    trash_task(actor_of(cast.owner), task.pk)
    assert report_of(cast).created == 0


def test_invisible(cast: Cast) -> None:
    for actor in (actor_of(cast.outsider), Actor(cast.viewer.pk, is_live=True, project_id=cast.project.pk + 1)):
        with pytest.raises(NotFound):
            get_report(actor, cast.project.pk, MAY)


def test_what_came_without_history_was_open_before_its_completion(cast: Cast) -> None:
    task = made(cast, 3)
    done_at = datetime(2026, 7, 1, tzinfo=UTC)
    Task.objects.filter(pk=task.pk).update(status="done", completed_at=done_at, updated_at=done_at)
    with at(1, 8):
        assert (report_of(cast).open, report_of(cast).by_status["todo"]) == (1, 1)


@pytest.mark.parametrize("seed", range(5))
def test_last_months_report_says_the_same_later(cast: Cast, seed: int) -> None:
    """Whatever happens to the tasks after a period, its report stays as it was."""
    chance = Random(seed)
    people = [cast.owner.pk, cast.editor.pk, cast.newcomer.pk]
    tasks = [made(cast, chance.randint(1, 28), chance.choice((3, 4, 5))) for _ in range(8)]
    clock = datetime(2026, 5, 28, 13, tzinfo=UTC)
    clock = _live(cast, chance, tasks, people, clock)
    with time_machine.travel(MAY.ends_at, tick=False):
        then = _figures(report_of(cast))
    clock = max(clock, MAY.ends_at)
    tasks += [made(cast, 1, 6)]
    _live(cast, chance, tasks, people, clock + timedelta(days=1))
    with time_machine.travel("2026-08-01T00:00:00Z", tick=False):
        assert Event.objects.filter(at__gte=MAY.ends_at).count() > 10
        assert _figures(report_of(cast)) == then


def _live(cast: Cast, chance: Random, tasks: list[Task], people: list[int], clock: datetime) -> datetime:
    owner = actor_of(cast.owner)
    for _ in range(40):
        clock += timedelta(minutes=chance.randint(1, 90))
        task = chance.choice(tasks)
        with time_machine.travel(clock, tick=False):
            match chance.randrange(4):
                case 0 | 1:
                    change_status(owner, task.pk, chance.choice(Status.values))
                case 2:
                    due = clock + timedelta(days=chance.randint(-9, 9))
                    edit_task(owner, task.pk, {"due_at": chance.choice((None, due)), "priority": chance.randint(1, 3)})
                case _:
                    assign_task(owner, task.pk, chance.sample(people, chance.randint(0, 2)))
    return clock


def _figures(report: Report) -> Any:
    return {**msgspec.to_builtins(report), "made_at": None}


def test_the_number_of_statements_does_not_grow(cast: Cast) -> None:
    def count(period: Period) -> int:
        with CaptureQueriesContext(connection) as queries:
            report_of(cast, period)
        return len(queries)

    present = Period.up_to(timezone.now().date() + timedelta(days=1), ZONE)
    past = Period(date(2026, 5, 1), date(2026, 5, 3), ZONE)
    tasks = [made(cast, 2, assignees=[cast.editor.pk]) for _ in range(2)]
    few = count(past), count(present)
    tasks += [made(cast, 2, assignees=[user.pk]) for user in (cast.owner, cast.viewer, cast.newcomer) * 3]
    for task in tasks:
        change_status(actor_of(cast.owner), task.pk, "done")
    assert (count(past), count(present)) == few == (4, 3)


def test_who_left_has_led_it_then(cast: Cast) -> None:
    made(cast, 2, assignees=[cast.editor.pk])
    remove_member(actor_of(cast.owner), cast.project.pk, cast.editor.pk)
    assert [row.person and row.person.id for row in report_of(cast).by_person] == [cast.editor.pk]
    assert Task.objects.get(project=cast.project).lead_id is None
