"""The weekly report by mail: once a week to who asked for it, on their own day and hour, as long as they want it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from baton.core.actor import Actor
from baton.core.commands.letter_choices import unsubscribe
from baton.core.commands.members import remove_member
from baton.core.commands.report_subscriptions import subscribe_to_report, unsubscribe_from_report
from baton.core.commands.weekly_reports import queue_weekly_reports
from baton.core.models import Delivery, ReportSubscription
from baton.reactions.letters.composing import Unsent
from baton.reactions.letters.weekly_report import UNASKED, UNSEEN
from tests.cast import Cast
from tests.factories import actor_of, make_task
from tests.reactions.letters.posted import letters_to, post, the_answer_for, the_letter_to
from tests.threads import run_together
from tests.told import set_hours, set_zone

SATURDAY = datetime(2026, 11, 21, 12, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture
def subscribed(cast: Cast) -> Cast:
    """Return the people, of whom the viewer has asked on Saturday for the reports of their project."""
    with time_machine.travel(SATURDAY, tick=False):
        make_task(cast.owner, cast.project)
        subscribe_to_report(actor_of(cast.viewer), cast.project.pk)
    return cast


def reports_at(moment: datetime) -> int:
    with time_machine.travel(moment, tick=False):
        return queue_weekly_reports()


def test_it_comes_on_monday_at_eight_about_the_week_before(subscribed: Cast) -> None:
    assert reports_at(MONDAY - timedelta(seconds=1)) == 0
    assert reports_at(MONDAY) == 1
    letter = the_letter_to(subscribed.viewer)
    assert letter.subject == "Operations: report, Nov. 16, 2026 – Nov. 22, 2026"
    assert "Created: 1" in letter.text
    assert letter.html
    assert letter.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (delivery,) = letters_to(subscribed.viewer)
    assert (delivery.occasion, delivery.project_id) == (
        f"report:{subscribed.project.pk}:2026-11-23",
        subscribed.project.pk,
    )


def test_it_is_sent(subscribed: Cast) -> None:
    reports_at(MONDAY)
    (message,) = post()
    assert message["To"] == "vera@example.org"
    assert message["List-Id"] is not None


def test_once_a_week_and_after_a_standstill_once(subscribed: Cast) -> None:
    assert [reports_at(MONDAY), reports_at(MONDAY), reports_at(MONDAY + timedelta(days=6))] == [1, 0, 0]
    assert reports_at(MONDAY + timedelta(days=30)) == 1
    assert reports_at(MONDAY + timedelta(days=30, hours=1)) == 0


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_write_it_once(subscribed: Cast) -> None:
    with time_machine.travel(MONDAY, tick=False):
        assert sum(run_together(queue_weekly_reports, queue_weekly_reports)) == 1
    assert len(letters_to(subscribed.viewer)) == 1


def test_at_their_own_day_and_hour(subscribed: Cast) -> None:
    set_zone(subscribed.viewer, "Asia/Tokyo")
    set_hours(subscribed.viewer, digest_hour=7, digest_weekday=2)
    wednesday = datetime(2026, 11, 24, 22, tzinfo=UTC)
    assert reports_at(wednesday - timedelta(seconds=1)) == 0
    assert reports_at(wednesday) == 1


def test_nothing_for_who_asks_no_more(subscribed: Cast) -> None:
    reports_at(MONDAY)
    unsubscribe_from_report(actor_of(subscribed.viewer), subscribed.project.pk)
    assert the_answer_for(subscribed.viewer) == UNASKED
    assert reports_at(MONDAY + timedelta(days=7)) == 0


def test_nothing_for_who_sees_the_project_no_more(subscribed: Cast) -> None:
    reports_at(MONDAY)
    remove_member(actor_of(subscribed.owner), subscribed.project.pk, subscribed.viewer.pk)
    answer = the_answer_for(subscribed.viewer)
    assert isinstance(answer, Unsent)
    assert answer in (UNSEEN, UNASKED)


def test_its_link_ends_it_for_this_project(subscribed: Cast) -> None:
    viewer = subscribed.viewer
    unsubscribe(Actor(viewer.pk, is_live=True), f"weekly_report:{subscribed.project.pk}")
    assert not ReportSubscription.objects.exists()
    unsubscribe(Actor(viewer.pk, is_live=True), "weekly_report:999999")
    assert not Delivery.objects.exists()
