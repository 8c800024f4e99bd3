"""The original's letters, word for word, at its times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client, override_settings

from baton import wiring
from baton.core.commands.projects import trash_project
from baton.core.commands.task_assignment import assign_task
from baton.core.commands.tasks import edit_task, trash_task
from baton.core.models import Delivery, Event, Task, UnwantedLetter, User
from baton.core.models.delivery import DeliveryState, Pace
from baton.reactions.rounds import make_rounds
from baton.surfaces.dialects.issuetracker.letters import plan
from tests.factories import actor_of, make_user
from tests.reactions.letters.posted import letters_to, post, text_of
from tests.surfaces.dialects.issuetracker.client import IssueClient
from tests.told import Log, wait_of

pytestmark = pytest.mark.django_db

DELAY = timedelta(minutes=12)
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Tracker:
    """Nina, who writes issues, Adam and Zoe, who are to solve them."""

    def __init__(self) -> None:
        self.nina, self.adam, self.zoe = make_user("nina"), make_user("adam"), make_user("zoe")
        self.client = IssueClient(self.nina)
        self.log = Log()

    def create(self, **fields: Any) -> int:
        said = {"title": "Leak", "description": "It drips.", "status": "open", "assigned_to": "adam", **fields}
        status, made = self.client.ask("POST", "/api/issue/", said)
        assert status == 201, made
        number: int = made["id"]
        return number

    def change(self, number: int, **fields: Any) -> None:
        assert self.client.ask("PATCH", f"/api/issue/{number}/", fields)[0] == 200

    def tell(self) -> None:
        self.log.tell(wiring.PLANS)


@pytest.fixture
def tracker() -> Tracker:
    return Tracker()


def to(messages: list[Any]) -> list[str]:
    return sorted(message["To"] for message in messages)


def test_an_assignee_is_told_after_twelve_minutes(tracker: Tracker) -> None:
    number = tracker.create()
    tracker.tell()
    (delivery,) = letters_to(tracker.adam)
    assert delivery.pace == Pace.LETTER
    assert DELAY - timedelta(seconds=30) < wait_of(delivery) <= DELAY
    assert post(DELAY - timedelta(minutes=1)) == []
    (message,) = post(timedelta(minutes=1))
    assert message["Subject"] == "New Issue assigned"
    assert message["To"] == "adam@example.org"
    assert text_of(message) == f"Ticket '{number} - Leak' is assigned to you"
    assert message.get_content_type() == "text/plain"
    assert post(DELAY) == []


def test_the_letter_belongs_to_its_issue_and_can_be_switched_off(tracker: Tracker) -> None:
    issue = Task.objects.get(pk=tracker.create())
    tracker.tell()
    (message,) = post(DELAY)
    assert message["References"] == f"<task-{issue.uuid}@127.0.0.1>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert Client().post(urlsplit(message["List-Unsubscribe"].strip("<>")).path).status_code == 200
    tracker.create()
    tracker.tell()
    assert post(DELAY) == []


def test_the_time_can_be_set(tracker: Tracker) -> None:
    with override_settings(ISSUETRACKER_ASSIGNED_AFTER=timedelta()):
        tracker.create()
        tracker.tell()
    assert to(post()) == ["adam@example.org"]


def test_who_assigns_an_issue_to_themselves_is_told_too(tracker: Tracker) -> None:
    tracker.create(assigned_to="nina")
    tracker.tell()
    assert to(post(DELAY)) == ["nina@example.org"]


def test_a_reassignment_takes_the_first_letter_back(tracker: Tracker) -> None:
    number = tracker.create()
    tracker.tell()
    tracker.change(number, assigned_to="zoe")
    tracker.tell()
    assert to(post(DELAY)) == ["zoe@example.org"]
    (first,) = letters_to(tracker.adam)
    assert (first.state, first.last_error) == (
        DeliveryState.CANCELLED,
        "The issue is somebody else's by now, or gone.",
    )


def test_there_and_back_is_one_letter(tracker: Tracker) -> None:
    number = tracker.create()
    tracker.change(number, assigned_to="zoe")
    tracker.change(number, assigned_to="adam")
    tracker.tell()
    assert to(post(DELAY)) == ["adam@example.org"]


def test_a_reassignment_another_way_takes_it_back_too(tracker: Tracker) -> None:
    number = tracker.create()
    tracker.tell()
    assign_task(actor_of(tracker.nina), number, [tracker.zoe.pk])
    assert post(DELAY) == []


def test_another_change_takes_nothing_back(tracker: Tracker) -> None:
    number = tracker.create()
    tracker.change(number, title="Leaking", status="closed")
    tracker.tell()
    messages = [message for message in post(DELAY) if message["Subject"] == "New Issue assigned"]
    assert [text_of(message) for message in messages] == [f"Ticket '{number} - Leaking' is assigned to you"]


def test_of_a_deleted_issue_nobody_is_told(tracker: Tracker) -> None:
    number = tracker.create()
    tracker.tell()
    trash_task(actor_of(tracker.nina), number)
    assert post(DELAY) == []


def test_when_the_project_is_gone_nobody_is_told(tracker: Tracker) -> None:
    task = Task.objects.get(pk=tracker.create())
    tracker.tell()
    trash_project(actor_of(task.project.owner), task.project_id)
    assert post(DELAY) == []


def test_nobody_without_an_address_or_account_is_told(tracker: Tracker) -> None:
    tracker.create()
    tracker.create(assigned_to="zoe")
    tracker.tell()
    User.objects.filter(pk=tracker.adam.pk).update(email=None, email_folded=None)
    User.objects.filter(pk=tracker.zoe.pk).update(is_active=False)
    assert post(DELAY) == []


def test_a_dialect_that_is_not_served_writes_to_nobody(tracker: Tracker) -> None:
    event = Event.objects.get(task=tracker.create())
    assert len(plan(event)) == 1
    with override_settings(BATON_DIALECTS=("tasktable",)):
        assert plan(event) == []
        assert rounds(NOON, NOON + timedelta(days=2)) == [0, 0]


def rounds(*moments: datetime) -> list[int]:
    """Return how many reports each turn of the clock's job writes."""
    written = []
    for moment in moments:
        with time_machine.travel(moment, tick=False):
            written.append(make_rounds())
    return written


def test_the_report_says_all_that_is_assigned(tracker: Tracker) -> None:
    first = tracker.create()
    second = tracker.create(title="Draft", description="Wind\nand rain", status="closed")
    tracker.create(assigned_to="zoe")
    trash_task(actor_of(tracker.nina), tracker.create(title="Gone"))
    assert rounds(NOON, NOON + timedelta(days=1)) == [0, 2]
    messages = post()
    assert to(messages) == ["adam@example.org", "zoe@example.org"]
    (message,) = (one for one in messages if one["To"] == "adam@example.org")
    assert message["Subject"] == "Issues assigned"
    assert text_of(message) == (
        f"Issue Id - {first}, Title - Leak, Creator - nina, Description - It drips., Status - open\n"
        f"Issue Id - {second}, Title - Draft, Creator - nina, Description - Wind\nand rain, Status - closed"
    )
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/letters/off/" in message["List-Unsubscribe"]


def test_reports_come_once_a_period_and_once_after_a_downtime(tracker: Tracker) -> None:
    tracker.create()
    day = timedelta(days=1)
    midnight = NOON + day / 2
    # A new server waits for a whole period to begin.
    assert rounds(NOON, NOON + timedelta(hours=11)) == [0, 0]
    assert rounds(midnight, midnight, midnight + timedelta(hours=23)) == [1, 0, 0]
    assert rounds(midnight + 4 * day, midnight + 4 * day + timedelta(hours=1)) == [1, 0]
    # A scheduler whose clock is late has nothing to make up for.
    assert rounds(midnight + 3 * day) == [0]
    occasions = Delivery.objects.filter(letter="issues_assigned").values_list("occasion", flat=True)
    assert set(occasions) == {"issues_assigned:2026-11-22T00:00:00Z", "issues_assigned:2026-11-26T00:00:00Z"}


def test_the_period_is_a_sum_and_none_is_never(tracker: Tracker) -> None:
    tracker.create()
    period = timedelta(hours=12, minutes=30, seconds=20)
    begin = NOON - (NOON - datetime(1970, 1, 1, tzinfo=UTC)) % period
    with override_settings(ISSUETRACKER_REPORT_EVERY=period):
        assert rounds(begin, begin + period - timedelta(seconds=1), begin + period) == [0, 0, 1]
    with override_settings(ISSUETRACKER_REPORT_EVERY=timedelta()):
        assert rounds(begin + 9 * period) == [0]


def test_who_has_no_issues_left_or_does_not_want_it_gets_no_report(tracker: Tracker) -> None:
    number = tracker.create()
    tracker.create(assigned_to="zoe")
    tracker.create(assigned_to="nina")
    UnwantedLetter.objects.create(user=tracker.nina, letter="issues_assigned", created_at=NOON)
    assert rounds(NOON, NOON + timedelta(days=1)) == [0, 2]
    UnwantedLetter.objects.create(user=tracker.zoe, letter="issues_assigned", created_at=NOON)
    edit_task(actor_of(tracker.nina), number, {"assigned_to": tracker.zoe.pk})
    assert post() == []
    assert set(Delivery.objects.values_list("last_error", flat=True)) == {
        "No issue is assigned to them any more.",
        "They have switched this letter off.",
    }
