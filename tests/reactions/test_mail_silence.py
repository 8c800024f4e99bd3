"""Mail servers, and recipients, that are silent: whom they hold up."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from baton.adapters.deadlines import Deadline
from baton.core.commands.deliveries import Outcome, Result
from baton.core.models import Attempt, Delivery, User
from baton.core.models.delivery import Channel, Pace
from baton.reactions.deliver import Sender, leave_a_thread, register_senders
from baton.reactions.mail import by_mail
from baton.reactions.room import Room
from tests.factories import make_user
from tests.hooks import only, time_passes
from tests.mail_server import STALL, TRICKLE, MailServer
from tests.post import post
from tests.reactions.plain_letters import plain_letters, work, write_to
from tests.threads import run_together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _plain_letters() -> Iterator[None]:
    with plain_letters():
        yield


@pytest.mark.parametrize("stage, what", [("CONNECT", STALL), ("DATA", STALL), ("DATA", TRICKLE)])
def test_a_silent_server_holds_up_one_worker_and_nothing_else(
    smtp: MailServer, settings: Any, stage: str, what: str
) -> None:
    settings.EMAIL_TIMEOUT = 2
    smtp.will(stage, what)
    others: list[float] = []
    began = time.monotonic()
    register_senders(
        {
            Channel.MAIL.value: by_mail(Room(most=3)),
            Channel.WEBHOOK.value: Sender(_hear(others, began), lambda _delivery, _outcome: None),
        }
    )
    write_to(*[make_user() for _ in range(8)])
    for number in range(1, 4):
        _make_hook_delivery(number)
    run_together(*[work] * 4)
    assert len(others) == 3
    assert max(others) < settings.EMAIL_TIMEOUT  # before the first letter was given up
    # One letter at a time, as long as nobody answers.
    assert Attempt.objects.filter(delivery__channel=Channel.MAIL).count() <= 2
    assert not Delivery.objects.filter(state="sending").exists()


@pytest.mark.parametrize("threads", [2, 3, 4])
def test_a_server_that_falls_silent_leaves_a_thread(threads: int, smtp: MailServer, settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 2
    others: list[float] = []
    began = time.monotonic()
    register_senders(
        {
            Channel.MAIL.value: by_mail(Room(most=3)),
            Channel.WEBHOOK.value: Sender(_hear(others, began), lambda _delivery, _outcome: None),
        }
    )
    leave_a_thread(threads)
    write_to(make_user())
    post()  # the server answers
    smtp.will("MAIL", STALL)
    write_to(*[make_user() for _ in range(8)])
    for number in range(1, 4):
        _make_hook_delivery(number)
    silent_since = time.monotonic()
    run_together(*[work] * threads)
    assert time.monotonic() - silent_since > settings.EMAIL_TIMEOUT
    assert len(others) == 3
    assert max(others) < silent_since - began + settings.EMAIL_TIMEOUT


def test_a_letter_that_stalls_holds_up_no_other_letter(smtp: MailServer, settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 2
    register_senders({Channel.MAIL.value: by_mail(Room(most=3, patience=0.2))})
    slow, *others = [make_user(name) for name in ("slow", "a1", "a2", "a3", "a4", "a5")]
    write_to(make_user("first"))
    post()  # the server answers
    smtp.will("DATA", STALL, address="slow@example.org")
    write_to(slow)
    write_to(*others)
    began = time.monotonic()
    run_together(*[work] * 3)
    arrived = {found.recipients[0] for found in smtp.arrived}
    assert arrived == {"first@example.org", *(str(user.email) for user in others)}
    assert time.monotonic() - began < 4
    assert Delivery.objects.get(recipient=slow.pk).state == "waiting"


def test_a_recipient_who_stalls_holds_up_nobody_else(smtp: MailServer, settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 2
    slow, *others = [make_user(name) for name in ("slow", "a1", "a2", "a3")]
    write_to(make_user("first"))
    post()  # the server answers
    smtp.will("RCPT", STALL, address="slow@example.org")
    for occasion in range(3):
        write_to(slow, occasion=f"event:{occasion}")
    write_to(others[0])
    assert _seconds_until_posted(smtp, others[0]) < settings.EMAIL_TIMEOUT
    # Nothing else came while the others stalled; what comes now has its place all the same.
    assert _stalled() == [1, 1, 1]
    time_passes()
    write_to(others[1])
    assert _seconds_until_posted(smtp, others[1]) < settings.EMAIL_TIMEOUT
    time_passes()
    write_to(others[2])
    assert _seconds_until_posted(smtp, others[2]) < settings.EMAIL_TIMEOUT
    assert _stalled() == [3, 3, 3]


def _seconds_until_posted(smtp: MailServer, user: User) -> float:
    """Send what is due, as a worker does; return how long a letter to somebody took."""
    began = time.perf_counter()
    run_together(*[post] * 3)
    [letter] = smtp.letters_to(str(user.email))
    return letter.at - began


def _stalled() -> list[int]:
    """Return how often each of the letters was tried that stall."""
    return list(Delivery.objects.filter(state="waiting").order_by("pk").values_list("tries", flat=True))


def test_one_letter_after_the_other_is_ended_and_noted(smtp: MailServer) -> None:
    noted: list[float] = []

    def note(_delivery: Delivery, _outcome: Outcome) -> None:
        time.sleep(0.05)  # what is done between the commit and the next letter's end
        noted.append(time.perf_counter())

    register_senders({Channel.MAIL.value: replace(by_mail(Room(most=3)), note=note)})
    write_to(make_user("first"))
    post()  # the server answers
    write_to(*[make_user() for _ in range(8)])
    smtp.pause = 0.1
    run_together(*[work] * 3)
    assert len(smtp.arrived) == len(noted) == 9
    assert len({letter.connection for letter in smtp.arrived}) == 3
    for before, letter in pairwise(zip(noted, smtp.arrived, strict=True)):
        assert letter[1].at - smtp.pause >= before[0]


def test_a_letter_that_waits_in_vain_is_postponed_and_the_server_has_not_taken_it(smtp: MailServer) -> None:
    room = Room(most=3, patience=0.1)
    write_to(make_user())
    is_held, may_leave = threading.Event(), threading.Event()

    def hold() -> None:
        room.enter()
        with room.ending(Deadline(1)):
            room.note(1, began=0, is_answering=True)
        is_held.set()
        may_leave.wait(10)  # as where the database does not let it commit
        room.leave()

    register_senders({Channel.MAIL.value: by_mail(room)})
    holding = threading.Thread(target=hold)
    holding.start()
    is_held.wait(10)
    assert post() == 1
    assert (only().state, only().tries, Attempt.objects.count()) == ("waiting", 0, 0)
    may_leave.set()
    holding.join()
    assert smtp.arrived == []
    time_passes()
    post()
    assert len(smtp.arrived) == 1


def _hear(times: list[float], began: float) -> Callable[[Delivery], Outcome]:
    """Return the sending of a webhook that answers at once, and says when."""

    def send(_delivery: Delivery) -> Outcome:
        times.append(time.monotonic() - began)
        return Outcome(Result.DELIVERED, status=204)

    return send


def _make_hook_delivery(number: int) -> None:
    Delivery.objects.create(
        channel=Channel.WEBHOOK,
        recipient=number,
        occasion="event:1",
        pace=Pace.WEBHOOK,
        message_id="m",
        next_try_at=Now(),
        created_at=timezone.now(),
    )
