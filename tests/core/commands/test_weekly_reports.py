"""The weekly report by mail: once for each Monday, to who asked for it and still may have it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from baton.adapters.mail import Letter
from baton.core.actor import Actor
from baton.core.commands.letter_choices import unsubscribe
from baton.core.commands.members import remove_member
from baton.core.commands.report_subscriptions import subscribe_to_report, unsubscribe_from_report
from baton.core.commands.weekly_reports import queue_weekly_reports
from baton.core.models import Delivery, ReportSubscription, User
from baton.reactions.letters.composing import Unsent, compose
from tests.cast import Cast
from tests.factories import actor_of, make_project
from tests.threads import run_together
from tests.told import letters_to, set_hours, set_zone

pytestmark = pytest.mark.django_db

SATURDAY = datetime(2026, 11, 21, 12, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _the_editor_asks_on_saturday(cast: Cast) -> None:
    with time_machine.travel(SATURDAY):
        subscribe_to_report(actor_of(cast.editor), cast.project.pk)


def reports_at(moment: datetime) -> int:
    with time_machine.travel(moment, tick=False):
        return queue_weekly_reports()


def test_it_comes_on_monday_at_the_hour_of_ones_digests(cast: Cast) -> None:
    set_hours(cast.editor, digest_hour=17)
    assert reports_at(SATURDAY + timedelta(minutes=1)) == 0, "it was asked for since the last Monday"
    assert reports_at(MONDAY.replace(hour=16)) == 0
    assert reports_at(MONDAY.replace(hour=17)) == 1
    letter = Delivery.objects.get()
    occasion = f"report:{cast.project.pk}:2026-11-23"
    assert (letter.letter, letter.recipient, letter.occasion) == ("weekly_report", cast.editor.pk, occasion)
    assert (letter.project_id, letter.task_id) == (cast.project.pk, None)


def test_a_monday_has_one_though_its_delivery_is_forgotten(cast: Cast) -> None:
    assert [reports_at(MONDAY + timedelta(hours=hours)) for hours in (0, 1)] == [1, 0]
    Delivery.objects.all().delete()
    assert reports_at(MONDAY + timedelta(days=5)) == 0
    assert reports_at(MONDAY + timedelta(days=7)) == 1


def test_after_weeks_of_standstill_there_is_one(cast: Cast) -> None:
    assert reports_at(MONDAY + timedelta(days=24)) == 1
    assert letters_to(cast.editor) == [("weekly_report", f"report:{cast.project.pk}:2026-12-14")]


def test_each_project_has_its_own_in_each_readers_zone(cast: Cast) -> None:
    other = make_project(cast.owner, "Other")
    with time_machine.travel(SATURDAY):
        for project in (cast.project, other):
            subscribe_to_report(actor_of(cast.owner), project.pk)
    set_zone(cast.owner, "Pacific/Kiritimati")
    assert reports_at(MONDAY - timedelta(hours=14)) == 2
    assert reports_at(MONDAY) == 1


def test_the_letter_tells_of_the_week_before(cast: Cast) -> None:
    reports_at(MONDAY)
    letter = compose(Delivery.objects.get())
    assert isinstance(letter, Letter)
    assert letter.subject == "Operations: report, Nov. 16, 2026 – Nov. 22, 2026"
    assert letter.recipient == "edgar@example.org"
    assert letter.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    off = letter.headers["List-Unsubscribe"].strip("<>")
    assert off in letter.html


def test_it_is_not_sent_to_who_has_left_or_wants_it_no_more(cast: Cast) -> None:
    reports_at(MONDAY)
    delivery = Delivery.objects.get()
    unsubscribe_from_report(actor_of(cast.editor), cast.project.pk)
    assert isinstance(compose(delivery), Unsent)
    subscribe_to_report(actor_of(cast.editor), cast.project.pk)
    assert isinstance(compose(delivery), Letter)
    remove_member(actor_of(cast.editor), cast.project.pk, cast.editor.pk)
    assert isinstance(compose(delivery), Unsent)
    User.objects.filter(pk=cast.editor.pk).update(is_active=False)
    assert isinstance(compose(delivery), Unsent)
    assert reports_at(MONDAY + timedelta(days=7)) == 0


def test_the_link_in_it_ends_it(cast: Cast) -> None:
    with time_machine.travel(SATURDAY):
        subscribe_to_report(actor_of(cast.viewer), cast.project.pk)
    letters = f"report:{cast.project.pk}"
    unsubscribe(Actor(cast.editor.pk, is_live=True), letters)
    unsubscribe(Actor(cast.editor.pk, is_live=True), letters)
    unsubscribe(Actor(cast.outsider.pk, is_live=True), letters)
    assert list(ReportSubscription.objects.values_list("user", flat=True)) == [cast.viewer.pk]


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_have_one_effect(cast: Cast) -> None:
    ReportSubscription.objects.update(created_at=timezone.now() - timedelta(days=30))
    assert sorted(run_together(*[queue_weekly_reports] * 4)) == [0, 0, 0, 1]
    assert Delivery.objects.count() == 1
