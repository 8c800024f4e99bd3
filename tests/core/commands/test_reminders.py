"""Reminders: what is due and overdue as seen from each zone's nine o'clock, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from baton.core.commands import reminders
from baton.core.commands.members import remove_member
from baton.core.commands.task_status import change_status
from baton.core.commands.tasks import edit_task, trash_task
from baton.core.models import Delivery, JobSlot, Notification, Role, Task, User
from baton.core.models.delivery import Pace
from tests.cast import Cast
from tests.factories import actor_of, add_member, make_project, make_task, make_user
from tests.threads import run_together
from tests.told import letters_to, set_hours, set_mode, set_zone, told, told_to

pytestmark = pytest.mark.django_db

NINE = datetime(2026, 11, 21, 9, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def _only_the_editor_matters(cast: Cast) -> None:
    """Everybody is in UTC, and the day before has been done."""
    JobSlot.objects.create(job="remind", slot="UTC 2026-11-20", taken_at=NINE - DAY)


def remind(at: datetime = NINE) -> int:
    with time_machine.travel(at, tick=False):
        return reminders.remind()


def due(cast: Cast, at: datetime, **fields: Any) -> Task:
    people = {} if "assignees" in fields else {"assigned_to": cast.editor.pk}
    return make_task(cast.owner, cast.project, **{**people, "due_at": at, **fields})


def test_due_within_a_day(cast: Cast) -> None:
    task = due(cast, NINE + 23 * HOUR)
    assert remind() == 1
    [row] = told_to(cast.editor)
    assert (row.kind, row.occasion) == ("due_soon", f"due_soon:{task.pk}:2026-11-22T08:00:00+00:00")
    assert (row.task_id, row.project_id, row.event_id, row.actor_id) == (task.pk, cast.project.pk, None, None)
    assert row.delivery
    assert (row.delivery.letter, row.delivery.occasion) == ("due_soon", row.occasion)
    assert row.delivery.pace == Pace.TASK_MANAGER


@pytest.mark.parametrize(
    "after_nine, kind",
    [
        (-DAY, None),  # the day before has told of it
        (-DAY + timedelta(seconds=1), "overdue"),
        (timedelta(), "overdue"),
        (timedelta(seconds=1), "due_soon"),
        (DAY, "due_soon"),
        (DAY + timedelta(seconds=1), None),
    ],
)
def test_what_is_due_when(cast: Cast, after_nine: timedelta, kind: str | None) -> None:
    due(cast, NINE + after_nine)
    remind()
    assert told() == ({("edgar", kind)} if kind else set())


@pytest.mark.parametrize(
    "status, expected",
    [
        ("todo", {"due_soon", "overdue"}),
        ("planned", {"due_soon", "overdue"}),
        ("in_progress", {"due_soon", "overdue"}),
        ("review", {"overdue"}),
        ("done", set()),
    ],
)
def test_in_which_states(cast: Cast, status: str, expected: set[str]) -> None:
    due(cast, NINE + HOUR, status=status)
    due(cast, NINE - HOUR, status=status)
    remind()
    assert {kind for _, kind in told()} == expected


def test_everybody_who_works_on_it_and_nobody_else(cast: Cast) -> None:
    due(cast, NINE + HOUR, assignees=[cast.editor.pk, cast.newcomer.pk])
    due(cast, NINE + HOUR, assigned_to=None)
    assert remind() == 1, "the newcomer has no address"
    assert told() == {("edgar", "due_soon"), ("nina", "due_soon")}


def test_a_day_reminds_once(cast: Cast) -> None:
    due(cast, NINE + HOUR)
    assert remind(NINE - timedelta(seconds=1)) == 0
    assert [remind(NINE + timedelta(minutes=minute)) for minute in (0, 1, 60)] == [1, 0, 0]


def test_once_soon_and_once_overdue(cast: Cast) -> None:
    task = due(cast, NINE + HOUR)
    for number in range(5):
        remind(NINE + number * DAY)
    assert [row.kind for row in told_to(cast.editor)] == ["due_soon", "overdue"]
    assert letters_to(cast.editor)[1] == ("overdue", f"overdue:{task.pk}:2026-11-21T10:00:00+00:00")


def test_a_moved_date_is_a_new_reminder(cast: Cast) -> None:
    task = due(cast, NINE + HOUR)
    remind()
    edit_task(actor_of(cast.owner), task.pk, {"due_at": NINE + DAY + HOUR})
    remind(NINE + DAY)
    assert [row.kind for row in told_to(cast.editor)] == ["due_soon", "due_soon"]


def test_the_moment_of_the_hour_decides_not_that_of_looking(cast: Cast) -> None:
    due(cast, NINE + HOUR)
    due(cast, NINE + DAY + HOUR)
    assert remind(NINE + 5 * HOUR) == 1, "one is over by now, the other due within a day, but neither was so at nine"
    assert told() == {("edgar", "due_soon")}


def test_after_three_days_of_standstill_it_is_made_up_for_once(cast: Cast) -> None:
    for hours in (1, 30, 60, 80, 200):
        due(cast, NINE + hours * HOUR)
    remind(NINE)
    assert remind(NINE + 3 * DAY + HOUR) == 4
    assert [row.kind for row in told_to(cast.editor)] == ["due_soon", "due_soon", "overdue", "overdue", "overdue"]
    assert remind(NINE + 3 * DAY + 2 * HOUR) == 0


def test_a_new_server_begins_with_the_next_hour(cast: Cast) -> None:
    JobSlot.objects.all().delete()
    set_zone(cast.viewer, "Asia/Tokyo")
    due(cast, NINE - HOUR)
    due(cast, NINE + HOUR, assigned_to=cast.viewer.pk)
    due(cast, NINE + 25 * HOUR)
    assert [remind(NINE + HOUR), remind(NINE + 2 * HOUR)] == [0, 0]
    assert remind(NINE + DAY) == 2
    assert told() == {("edgar", "due_soon"), ("vera", "overdue")}


def test_what_is_overdue_for_long_is_no_news_where_nobody_was_reminded_before(cast: Cast) -> None:
    due(cast, NINE - 2 * DAY)
    due(cast, NINE - 300 * DAY)
    due(cast, NINE - HOUR)
    JobSlot.objects.update(slot="Asia/Tokyo 2026-11-20")
    assert remind() == 1
    JobSlot.objects.filter(slot="UTC 2026-11-21").update(slot="UTC 2026-01-01")
    assert remind(NINE + HOUR) == 1, "and of the last week where nobody was for months"


@pytest.mark.parametrize(
    "zone, at",
    [
        ("Pacific/Kiritimati", datetime(2026, 11, 20, 19, tzinfo=UTC)),
        ("Pacific/Pago_Pago", datetime(2026, 11, 21, 20, tzinfo=UTC)),
    ],
)
def test_nine_is_that_of_the_persons_zone(cast: Cast, zone: str, at: datetime) -> None:
    set_zone(cast.editor, zone)
    remind(at - DAY)
    due(cast, at + 23 * HOUR)
    assert remind(at - timedelta(seconds=1)) == 0
    assert remind(at) == 1


@pytest.mark.parametrize("day", [datetime(2026, 3, 29, 12, tzinfo=UTC), datetime(2026, 10, 25, 12, tzinfo=UTC)])
def test_nothing_falls_between_two_days_when_the_clocks_change(cast: Cast, day: datetime) -> None:
    """A day of Berlin has 23 hours or 25: every hour of three days is told of, once as soon and once as over."""
    set_zone(cast.editor, "Europe/Berlin")
    for hours in range(72):
        due(cast, day + (hours - 36) * HOUR)
    for hours in range(-80, 80):
        remind(day + hours * HOUR)
    kinds = list(Notification.objects.filter(user=cast.editor).values_list("kind", flat=True))
    assert (kinds.count("due_soon"), kinds.count("overdue")) == (72, 72)


def test_the_hour_is_the_operators(cast: Cast, settings: Any) -> None:
    settings.BATON_REMINDER_HOUR = 6
    due(cast, NINE)
    assert remind(NINE - 3 * HOUR) == 1


def test_nobody_is_reminded_of_what_they_do_not_see_or_need_not_do(cast: Cast) -> None:
    trashed, done, left = due(cast, NINE + HOUR), due(cast, NINE + HOUR), due(cast, NINE + HOUR)
    trash_task(actor_of(cast.owner), trashed.pk)
    change_status(actor_of(cast.owner), done.pk, "done")
    edit_task(actor_of(cast.owner), left.pk, {"assignees": [cast.viewer.pk]})
    remove_member(actor_of(cast.owner), cast.project.pk, cast.viewer.pk)
    outside = make_project(cast.outsider, "Elsewhere")
    add_member(outside, cast.editor, Role.EDITOR)
    gone = make_task(cast.outsider, outside, assigned_to=cast.editor.pk, due_at=NINE + HOUR)
    outside.members.filter(user=cast.editor).delete()
    assert gone.assignments.exists()
    User.objects.filter(pk=cast.newcomer.pk).update(is_active=False)
    due(cast, NINE + HOUR, assigned_to=cast.owner.pk)
    assert remind() == 1
    assert told() == {("olga", "due_soon")}


def test_settings_hold_for_reminders(cast: Cast) -> None:
    set_mode(cast.editor, "due_soon", "off", cast.project)
    set_mode(cast.editor, "overdue", "daily")
    due(cast, NINE + HOUR)
    due(cast, NINE - HOUR)
    assert remind() == 0
    assert {(row.kind, row.mode, row.silence) for row in told_to(cast.editor)} == {
        ("due_soon", "off", "off"),
        ("overdue", "daily", ""),
    }


def test_many_are_reminded_in_one_go(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminders, "_AT_ONCE", 4)
    people = [make_user(f"worker{number}") for number in range(5)]
    for user in people:
        add_member(cast.project, user, Role.EDITOR)
    for _ in range(2):
        due(cast, NINE + HOUR, assignees=[user.pk for user in people])
    set_hours(people[0], gather_minutes=1)
    set_mode(people[0], "due_soon", "gathered")
    assert remind() == 10
    assert Delivery.objects.count() == 10


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_have_one_effect(cast: Cast) -> None:
    JobSlot.objects.update(slot="UTC 2026-01-01")
    now = timezone.now()
    for hours in range(-30, 31, 5):
        due(cast, now + hours * HOUR)
    counts = run_together(*[reminders.remind] * 4)
    assert sorted(counts)[:3] == [0, 0, 0]
    assert max(counts) == Notification.objects.count() > 0
