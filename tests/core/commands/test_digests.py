"""Digests: one letter per window, however often and from wherever it is asked for."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import count

import pytest
import time_machine
from django.utils import timezone

from baton.core.commands.digests import queue_digests
from baton.core.commands.members import remove_member
from baton.core.commands.task_watching import watch_task
from baton.core.commands.tasks import edit_task, trash_task
from baton.core.models import Delivery, Notification, Task, User
from baton.core.models.delivery import Pace
from tests.cast import Cast
from tests.factories import actor_of, make_task
from tests.threads import run_together
from tests.told import Log, digests_at, letters_to, set_hours, set_mode, set_zone, told_to, wait_of

pytestmark = pytest.mark.django_db

_numbers = count()
SATURDAY = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def task(cast: Cast) -> Task:
    """Return a task that editor and viewer hear of by daily digest, on Saturday noon."""
    with time_machine.travel(SATURDAY - timedelta(minutes=1)):
        set_mode(cast.editor, "task_changed", "daily")
        set_mode(cast.viewer, "task_changed", "daily")
        task = make_task(cast.owner, cast.project, assigned_to=cast.editor.pk)
        watch_task(actor_of(cast.viewer), task.pk)
    return task


def change(cast: Cast, task: Task, at: datetime = SATURDAY) -> None:
    """Change the task, and let it be told, at some time."""
    with time_machine.travel(at):  # it goes on: commands at one moment would be one change
        log = Log()
        edit_task(actor_of(cast.owner), task.pk, {"title": f"Change {next(_numbers)}"})
        log.tell()


def test_what_gathered_is_one_letter_at_its_hour(cast: Cast, task: Task) -> None:
    change(cast, task)
    change(cast, task, SATURDAY + timedelta(hours=2))
    assert digests_at(datetime(2026, 11, 22, 7, 59, 59, tzinfo=UTC)) == 0
    assert digests_at(datetime(2026, 11, 22, 8, tzinfo=UTC)) == 2
    letter = Delivery.objects.get(recipient=cast.editor.pk)
    assert (letter.letter, letter.occasion, letter.pace) == ("digest", "daily:2026-11-22", Pace.LETTER)
    assert (letter.task_id, letter.project_id, letter.event_id) == (None, None, None)
    assert set(letter.notifications.all()) == set(told_to(cast.editor))
    assert wait_of(letter) <= timedelta()


def test_a_window_has_one_digest(cast: Cast, task: Task) -> None:
    change(cast, task)
    eight = datetime(2026, 11, 22, 8, tzinfo=UTC)
    assert digests_at(eight) == 2
    assert digests_at(eight + timedelta(minutes=1)) == 0
    change(cast, task, eight + timedelta(minutes=2))
    assert digests_at(eight + timedelta(minutes=3)) == 0, "what comes behind the window is the next one's"
    assert digests_at(eight + timedelta(days=1)) == 2
    assert [occasion for _, occasion in letters_to(cast.editor)] == ["daily:2026-11-22", "daily:2026-11-23"]


def test_what_happens_after_the_window_ended_is_not_in_it(cast: Cast, task: Task) -> None:
    """Though the server looks later: the window decides."""
    change(cast, task)
    change(cast, task, datetime(2026, 11, 22, 8, tzinfo=UTC))
    assert digests_at(datetime(2026, 11, 22, 11, tzinfo=UTC)) == 2
    assert [bool(row.delivery_id) for row in told_to(cast.editor)] == [True, False]


def test_after_three_days_of_standstill_there_is_one(cast: Cast, task: Task) -> None:
    for hours in (0, 24, 48):
        change(cast, task, SATURDAY + timedelta(hours=hours))
    assert digests_at(SATURDAY + timedelta(hours=72)) == 2
    assert letters_to(cast.editor) == [("digest", "daily:2026-11-24")]
    assert Delivery.objects.get(recipient=cast.editor.pk).notifications.count() == 3


def test_nothing_new_is_no_digest(cast: Cast, task: Task) -> None:
    assert digests_at(SATURDAY + timedelta(days=3)) == 0


def test_a_weekly_one_comes_on_its_day(cast: Cast, task: Task) -> None:
    set_mode(cast.editor, "task_changed", "weekly")
    set_hours(cast.editor, digest_weekday=2, digest_hour=17)
    change(cast, task)
    for day in range(1, 4):
        assert digests_at(SATURDAY + timedelta(days=day)) == (1 if day == 1 else 0), "the viewer's daily one"
    wednesday = datetime(2026, 11, 25, 17, tzinfo=UTC)
    assert digests_at(wednesday - timedelta(seconds=1)) == 0
    assert digests_at(wednesday) == 1
    assert letters_to(cast.editor) == [("digest", "weekly:2026-11-25")]


def test_daily_and_weekly_go_beside_each_other(cast: Cast, task: Task) -> None:
    change(cast, task)
    set_mode(cast.editor, "task_changed", "weekly")
    change(cast, task)
    assert digests_at(datetime(2026, 11, 23, 8, tzinfo=UTC)) == 3
    assert sorted(letters_to(cast.editor)) == [("digest", "daily:2026-11-23"), ("digest", "weekly:2026-11-23")]


@pytest.mark.parametrize(
    "zone, at, day",
    [
        ("Pacific/Kiritimati", datetime(2026, 11, 21, 18, tzinfo=UTC), "2026-11-22"),
        ("Pacific/Pago_Pago", datetime(2026, 11, 21, 19, tzinfo=UTC), "2026-11-21"),
        ("Asia/Kathmandu", datetime(2026, 11, 22, 2, 15, tzinfo=UTC), "2026-11-22"),
    ],
)
def test_the_hour_is_that_of_the_persons_zone(cast: Cast, task: Task, zone: str, at: datetime, day: str) -> None:
    set_zone(cast.editor, zone)
    set_zone(cast.viewer, "America/Santiago")
    change(cast, task)
    assert digests_at(at - timedelta(seconds=1)) == 0
    assert digests_at(at) == 1
    assert letters_to(cast.editor) == [("digest", f"daily:{day}")]


@pytest.mark.parametrize("day", [datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC)])
def test_days_on_which_the_clocks_change_have_one(cast: Cast, task: Task, day: datetime) -> None:
    """In Berlin it is half past two never or twice; the digest of that hour comes once a date all the same."""
    set_zone(cast.editor, "Europe/Berlin")
    set_zone(cast.viewer, "Europe/Berlin")
    set_hours(cast.editor, digest_hour=2)
    for half_hours in range(3 * 48):
        moment = day + timedelta(minutes=30 * half_hours)
        change(cast, task, moment - timedelta(minutes=1))
        digests_at(moment)
    occasions = [occasion for _, occasion in letters_to(cast.editor)]
    assert occasions == [f"daily:{(day + timedelta(days=number)).date()}" for number in range(3)]


def test_a_move_to_another_zone_gives_no_second_one_for_a_date(cast: Cast, task: Task) -> None:
    set_zone(cast.editor, "Pacific/Kiritimati")
    change(cast, task)
    assert digests_at(datetime(2026, 11, 21, 18, tzinfo=UTC)) == 1
    set_zone(cast.editor, "Pacific/Pago_Pago")
    change(cast, task, datetime(2026, 11, 21, 20, tzinfo=UTC))
    # There it is the morning of the 22nd a second time.
    digests_at(datetime(2026, 11, 22, 19, tzinfo=UTC))
    assert letters_to(cast.editor) == [("digest", "daily:2026-11-22")]
    digests_at(datetime(2026, 11, 23, 19, tzinfo=UTC))
    assert letters_to(cast.editor) == [("digest", "daily:2026-11-22"), ("digest", "daily:2026-11-23")]
    assert all(row.delivery_id for row in told_to(cast.editor))


def test_another_hour_gives_no_second_one_for_a_date(cast: Cast, task: Task) -> None:
    change(cast, task)
    digests_at(datetime(2026, 11, 22, 8, tzinfo=UTC))
    set_hours(cast.editor, digest_hour=18)
    change(cast, task, datetime(2026, 11, 22, 9, tzinfo=UTC))
    digests_at(datetime(2026, 11, 22, 18, tzinfo=UTC))
    assert letters_to(cast.editor) == [("digest", "daily:2026-11-22")]


def test_what_is_not_seen_any_more_is_left_out(cast: Cast, task: Task) -> None:
    other = make_task(cast.owner, cast.project, assigned_to=cast.editor.pk)
    change(cast, task)
    change(cast, other)
    trash_task(actor_of(cast.owner), task.pk)
    assert digests_at(SATURDAY + timedelta(days=1)) == 1
    [of_task, of_other] = told_to(cast.editor)
    assert (of_task.silence, of_task.delivery) == ("unseen", None)
    assert (of_other.silence, bool(of_other.delivery)) == ("", True)


def test_without_anything_to_see_there_is_no_digest(cast: Cast, task: Task) -> None:
    change(cast, task)
    remove_member(actor_of(cast.owner), cast.project.pk, cast.editor.pk)
    assert digests_at(SATURDAY + timedelta(days=1)) == 1
    assert letters_to(cast.editor) == []
    assert [row.silence for row in told_to(cast.editor)] == ["unseen"]


def test_who_has_switched_it_off_meanwhile_has_none(cast: Cast, task: Task) -> None:
    change(cast, task)
    set_mode(cast.editor, "task_changed", "off")
    User.objects.filter(pk=cast.viewer.pk).update(email=None, email_folded=None)
    assert digests_at(SATURDAY + timedelta(days=1)) == 0
    assert [row.silence for row in told_to(cast.editor)] == ["off"]
    assert [row.silence for row in told_to(cast.viewer)] == ["no_address"]


def test_the_inactive_have_none_and_later_all(cast: Cast, task: Task) -> None:
    change(cast, task)
    User.objects.filter(pk=cast.editor.pk).update(is_active=False)
    assert digests_at(SATURDAY + timedelta(days=1)) == 1
    User.objects.filter(pk=cast.editor.pk).update(is_active=True)
    assert digests_at(SATURDAY + timedelta(days=2)) == 1
    assert letters_to(cast.editor) == [("digest", "daily:2026-11-23")]


def test_quiet_hours_hold_for_digests(cast: Cast, task: Task) -> None:
    set_hours(cast.editor, digest_hour=5, quiet_from=time(22), quiet_until=time(9))
    change(cast, task)
    digests_at(datetime(2026, 11, 22, 6, tzinfo=UTC))
    wait = wait_of(Delivery.objects.get(recipient=cast.editor.pk))
    assert timedelta(hours=2, minutes=59) < wait <= timedelta(hours=3)


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_have_one_effect(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project, assigned_to=cast.editor.pk)
    set_mode(cast.editor, "task_changed", "daily")
    log = Log()
    edit_task(actor_of(cast.owner), task.pk, {"title": "New"})
    log.tell()
    Notification.objects.update(created_at=timezone.now() - timedelta(days=2))
    assert sorted(run_together(*[queue_digests] * 4)) == [0, 0, 0, 1]
    assert [letter for letter, _ in letters_to(cast.editor)] == ["digest"]
