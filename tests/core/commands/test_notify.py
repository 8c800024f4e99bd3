"""Telling people of changes: each once, in the way they want it, at the time they want it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from baton.core.commands.comments import add_comment
from baton.core.commands.deliveries import Outcome, Result, claim_next, finish_delivery
from baton.core.commands.mail_queue import LetterOrder, order_for_event
from baton.core.commands.notifications import notify
from baton.core.commands.task_assignment import assign_task
from baton.core.commands.task_status import change_status
from baton.core.commands.task_watching import watch_task
from baton.core.commands.tasks import edit_task
from baton.core.models import Delivery, Event, Notification, Role, Task, User
from baton.core.models.delivery import NO_ACCOUNT, Pace
from baton.core.policies.mail_modes import sendable_after
from tests.cast import Cast
from tests.factories import actor_of, add_member, make_project, make_task, make_user
from tests.told import Log, letters_to, set_hours, set_mode, set_zone, told, told_to, wait_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(cast: Cast) -> Log:
    return Log()


def assigned_task(cast: Cast) -> Task:
    return make_task(cast.owner, cast.project, assigned_to=cast.editor.pk)


def is_about(wait: timedelta, expected: timedelta) -> bool:
    return abs(wait - expected) < timedelta(minutes=2)


def test_one_is_told_at_once(cast: Cast, log: Log) -> None:
    task = assigned_task(cast)
    assert log.tell() == 1
    event = Event.objects.get(task=task)
    [row] = told_to(cast.editor)
    assert (row.kind, row.occasion, row.event, row.task_id) == ("task_assigned", f"event:{event.pk}", event, task.pk)
    assert (row.project_id, row.actor, row.mode, row.silence) == (cast.project.pk, cast.owner, "at_once", "")
    assert row.delivery
    assert (row.delivery.letter, row.delivery.occasion) == ("task_assigned", f"event:{event.pk}")
    assert (row.delivery.pace, row.delivery.is_ordered) == (Pace.TASK_MANAGER, False)
    assert (row.delivery.project_id, row.delivery.task_id) == (cast.project.pk, task.pk)
    assert row.delivery.event_id == event.pk
    assert wait_of(row.delivery) <= timedelta()


def test_telling_twice_writes_nothing_twice(cast: Cast) -> None:
    task = assigned_task(cast)
    edit_task(actor_of(cast.editor), task.pk, {"title": "New"})
    events = list(Event.objects.order_by("pk"))
    assert notify(events, {}) == 2
    rows, deliveries = list(Notification.objects.values()), list(Delivery.objects.values())
    assert notify(events, {}) == 0
    assert (list(Notification.objects.values()), list(Delivery.objects.values())) == (rows, deliveries)


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_a_change_that_is_cut_by_a_batch_is_one(cast: Cast, log: Log, batch: int) -> None:
    task = make_task(cast.owner, cast.project)
    watch_task(actor_of(cast.viewer), task.pk)
    log.skip()
    edit_task(actor_of(cast.owner), task.pk, {"title": "New", "status": "review", "assigned_to": cast.editor.pk})
    assert Event.objects.filter(task=task).count() == 5
    log.tell(batch=batch)
    assert sorted(Notification.objects.values_list("user__username", "kind")) == [
        ("edgar", "task_assigned"),
        ("vera", "task_changed"),
    ]


def test_off_leaves_the_row_without_a_letter(cast: Cast, log: Log) -> None:
    set_mode(cast.editor, "task_assigned", "off")
    log.skip()
    assigned_task(cast)
    assert log.tell() == 0
    [row] = told_to(cast.editor)
    assert (row.mode, row.silence, row.delivery) == ("off", "off", None)


def test_who_has_no_address_has_the_row(cast: Cast, log: Log) -> None:
    make_task(cast.owner, cast.project, assigned_to=cast.newcomer.pk)
    assert log.tell() == 0
    [row] = told_to(cast.newcomer)
    assert (row.silence, row.delivery) == ("no_address", None)


@pytest.mark.parametrize(
    "everywhere, here, expected",
    [
        (None, None, "at_once"),
        ("daily", None, "daily"),
        ("daily", "off", "off"),
        (None, "gathered", "gathered"),
        ("off", "at_once", "at_once"),
    ],
)
def test_a_projects_setting_comes_before_the_kinds(
    cast: Cast, log: Log, everywhere: str | None, here: str | None, expected: str
) -> None:
    elsewhere = make_project(cast.owner, "Elsewhere")
    add_member(elsewhere, cast.editor, Role.EDITOR)
    set_mode(cast.editor, "task_assigned", everywhere)
    set_mode(cast.editor, "task_assigned", here, cast.project)
    log.skip()
    assigned_task(cast)
    make_task(cast.owner, elsewhere, assigned_to=cast.editor.pk)
    log.tell()
    assert [row.mode for row in told_to(cast.editor)] == [expected, everywhere or "at_once"]


def test_a_digest_is_waited_for(cast: Cast, log: Log) -> None:
    set_mode(cast.editor, "task_assigned", "weekly")
    log.skip()
    assigned_task(cast)
    assert log.tell() == 0
    [row] = told_to(cast.editor)
    assert (row.mode, row.silence, row.delivery) == ("weekly", "", None)


# Gathering


def test_changes_within_minutes_are_one_letter(cast: Cast, log: Log) -> None:
    task, other = assigned_task(cast), assigned_task(cast)
    log.skip()
    edit_task(actor_of(cast.owner), task.pk, {"title": "One"})
    assert log.tell() == 1
    first = Event.objects.latest("pk").pk
    assert is_about(wait_of(Delivery.objects.get()), timedelta(minutes=5))

    edit_task(actor_of(cast.owner), task.pk, {"title": "Two"})
    edit_task(actor_of(cast.owner), other.pk, {"title": "Three"})
    change_status(actor_of(cast.owner), task.pk, "review")
    log.tell()
    assert [letter for letter, _ in letters_to(cast.editor)] == ["gathered", "gathered"]
    letter = Delivery.objects.get(occasion=f"gathered:{task.pk}:event:{first}")
    assert [row.task_id for row in letter.notifications.all()] == [task.pk] * 3
    assert is_about(wait_of(letter), timedelta(minutes=5)), "what joins a letter does not put it off"


def test_changes_read_together_are_one_letter(cast: Cast, log: Log) -> None:
    task = assigned_task(cast)
    log.skip()
    for number in range(3):
        edit_task(actor_of(cast.owner), task.pk, {"title": f"{number}"})
    assert log.tell() == 1
    assert Notification.objects.filter(delivery=Delivery.objects.get()).count() == 3


def test_the_minutes_are_ones_own(cast: Cast, log: Log) -> None:
    set_hours(cast.editor, gather_minutes=60)
    task = assigned_task(cast)
    log.skip()
    edit_task(actor_of(cast.owner), task.pk, {"title": "New"})
    log.tell()
    assert is_about(wait_of(Delivery.objects.get()), timedelta(hours=1))


@pytest.mark.parametrize("result", [Result.DELIVERED, Result.FAILED])
def test_a_letter_that_was_tried_takes_nothing_more(cast: Cast, log: Log, result: Result) -> None:
    set_hours(cast.editor, gather_minutes=0)
    task = assigned_task(cast)
    log.skip()
    edit_task(actor_of(cast.owner), task.pk, {"title": "One"})
    log.tell()
    claimed = claim_next()
    assert claimed
    assert claimed.letter == "gathered"
    edit_task(actor_of(cast.owner), task.pk, {"title": "Two"})
    log.tell()
    finish_delivery(claimed, Outcome(result))
    edit_task(actor_of(cast.owner), task.pk, {"title": "Three"})
    log.tell()
    assert [row.delivery_id == claimed.pk for row in told_to(cast.editor)] == [True, False, False]
    assert len(letters_to(cast.editor)) == 2


def test_one_that_was_put_off_takes_more(cast: Cast, log: Log) -> None:
    set_hours(cast.editor, gather_minutes=0)
    task = assigned_task(cast)
    log.skip()
    edit_task(actor_of(cast.owner), task.pk, {"title": "One"})
    log.tell()
    claimed = claim_next()
    assert claimed
    finish_delivery(claimed, Outcome(Result.POSTPONED, retry_after=3600))
    edit_task(actor_of(cast.owner), task.pk, {"title": "Two"})
    log.tell()
    assert len(letters_to(cast.editor)) == 1


def test_who_joins_projects_hears_of_each(cast: Cast, log: Log) -> None:
    set_mode(cast.outsider, "invited", "gathered")
    log.skip()
    from baton.core.commands.members import add_member as invite

    for name in ("One", "Two"):
        invite(actor_of(cast.owner), make_project(cast.owner, name).pk, cast.outsider.pk)
    log.tell()
    assert len(letters_to(cast.outsider)) == 2


# Quiet hours


@pytest.mark.parametrize("letter", ["at_once", "gathered"])
def test_in_quiet_hours_a_letter_waits(cast: Cast, log: Log, letter: str) -> None:
    """They last from an hour ago to in two hours, there where the editor lives."""
    set_zone(cast.editor, "Asia/Tokyo")
    set_mode(cast.editor, "task_assigned", letter)
    here = timezone.now() + timedelta(hours=9)
    set_hours(
        cast.editor,
        quiet_from=(here - timedelta(hours=1)).time(),
        quiet_until=(here + timedelta(hours=2)).time(),
    )
    log.skip()
    assigned_task(cast)
    log.tell()
    assert is_about(wait_of(Delivery.objects.get()), timedelta(hours=2))


def test_a_gathered_letter_that_falls_into_quiet_hours_waits(cast: Cast, log: Log) -> None:
    set_mode(cast.editor, "task_assigned", "gathered")
    now = timezone.now()
    quiet = {"quiet_from": (now + timedelta(hours=1)).time(), "quiet_until": (now + timedelta(hours=5)).time()}
    set_hours(cast.editor, gather_minutes=120, **quiet)
    log.skip()
    assigned_task(cast)
    log.tell()
    assert is_about(wait_of(Delivery.objects.get()), timedelta(hours=5))


def test_quiet_hours_hold_as_they_are_at_the_moment_of_sending(cast: Cast) -> None:
    noon = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    assert sendable_after(cast.editor, noon) is None
    set_hours(cast.editor, quiet_from=time(11), quiet_until=time(13))
    editor = User.objects.get(pk=cast.editor.pk)
    assert sendable_after(editor, noon) == noon + timedelta(hours=1)
    assert sendable_after(editor, noon + timedelta(hours=1)) is None


# Dialects


def tasktable(*letters: tuple[int, str]) -> Any:
    def plan(event: Event) -> list[LetterOrder]:
        return [order_for_event(letter, recipient, event, pace=Pace.TASKTABLE) for recipient, letter in letters]

    return {"tasktable": plan}


def test_a_dialects_letters_take_the_place_of_others(cast: Cast, log: Log) -> None:
    """Creator and assignee have the dialect's letter, the actor's too; the watcher a native one; the others none."""
    task = make_task(cast.owner, cast.project, assignees=[cast.editor.pk, cast.newcomer.pk])
    User.objects.filter(pk=cast.newcomer.pk).update(email="nina@example.org")
    watch_task(actor_of(cast.viewer), task.pk)
    log.skip()
    through = replace(actor_of(cast.owner), surface="tasktable")
    # Two events, of which the dialect would write twice.
    edit_task(through, task.pk, {"title": "New", "status": "review"})
    log.tell(tasktable((cast.owner.pk, "tasktable_update"), (cast.editor.pk, "tasktable_update"), (NO_ACCOUNT, "x")))
    first = Event.objects.filter(surface="tasktable").order_by("pk")[0]
    expected = [("tasktable_update", f"event:{first.pk}")]
    assert letters_to(cast.owner) == letters_to(cast.editor) == expected
    assert told() == {("edgar", "task_changed"), ("vera", "task_changed"), ("nina", "task_changed")}
    [editors], [viewers], [newcomers] = (told_to(user) for user in (cast.editor, cast.viewer, cast.newcomer))
    assert editors.delivery
    assert (editors.delivery.letter, editors.silence) == ("tasktable_update", "")
    assert viewers.delivery
    assert viewers.delivery.letter == "gathered"
    assert (newcomers.delivery, newcomers.silence) == (None, "dialect")
    assert Delivery.objects.filter(recipient=NO_ACCOUNT).count() == 1


def test_a_dialect_that_writes_nobody_leaves_only_rows(cast: Cast, log: Log) -> None:
    through = replace(actor_of(cast.owner), surface="tasktable")
    task = make_task(cast.owner, cast.project)
    log.skip()
    assign_task(through, task.pk, [cast.editor.pk])
    assert log.tell(tasktable()) == 0
    [row] = told_to(cast.editor)
    assert row.silence == "dialect"


def test_who_wants_no_letters_has_none_of_a_dialect(cast: Cast, log: Log) -> None:
    set_mode(cast.editor, "task_changed", "off")
    task = assigned_task(cast)
    log.skip()
    edit_task(replace(actor_of(cast.owner), surface="tasktable"), task.pk, {"title": "New"})
    assert log.tell(tasktable((cast.editor.pk, "tasktable_update"))) == 0
    [row] = told_to(cast.editor)
    assert row.silence == "off"


def test_a_dialect_without_letters_of_its_own_has_the_native_ones(cast: Cast, log: Log) -> None:
    assign_task(
        replace(actor_of(cast.owner), surface="taskapi"), make_task(cast.owner, cast.project).pk, [cast.editor.pk]
    )
    log.tell(tasktable())
    assert [letter for letter, _ in letters_to(cast.editor)] == ["task_assigned"]


# Cost


def count_statements(events: Sequence[Event]) -> int:
    with CaptureQueriesContext(connection) as context, transaction.atomic():
        notify(events, {})
    # How many rows one INSERT takes is the database's affair.
    return len([query for query in context if not query["sql"].startswith("INSERT")])


def test_the_number_of_statements_grows_neither_with_people_nor_with_changes(cast: Cast) -> None:
    few, many = make_task(cast.owner, cast.project), make_task(cast.owner, cast.project)
    watch_task(actor_of(cast.viewer), few.pk)
    for number in range(30):
        user = make_user(f"watcher{number}")
        add_member(cast.project, user, Role.VIEWER)
        watch_task(actor_of(user), many.pk)
    last = Event.objects.latest("pk").pk
    edit_task(actor_of(cast.owner), few.pk, {"title": "New"})
    one_change_one_person = count_statements(list(Event.objects.filter(pk__gt=last)))
    last = Event.objects.latest("pk").pk
    for number in range(90):
        edit_task(actor_of(cast.owner), many.pk, {"title": f"{number}"})
    assert count_statements(list(Event.objects.filter(pk__gt=last))) <= one_change_one_person
    assert Notification.objects.count() == 1 + 30 * 90
    assert Delivery.objects.count() == 1 + 30


def test_what_tells_nobody_anything_costs_next_to_nothing(cast: Cast) -> None:
    last = Event.objects.latest("pk").pk
    for number in range(5):
        make_project(cast.owner, f"{number}")
    assert count_statements(list(Event.objects.filter(pk__gt=last))) <= 2


def test_comments_are_told_at_once(cast: Cast, log: Log) -> None:
    task = assigned_task(cast)
    log.skip()
    add_comment(actor_of(cast.owner), task.pk, "Look")
    log.tell()
    assert [letter for letter, _ in letters_to(cast.editor)] == ["task_commented"]
    [row] = told_to(cast.editor)
    assert row.delivery
    assert row.delivery.pace == Pace.LETTER
