"""Letters through the real queue to a real SMTP server: R08 to R12, with the pauses moved instead of waited for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from structlog.testing import capture_logs

from baton import wiring
from baton.adapters.deadlines import Deadline
from baton.adapters.mail import Letter
from baton.core.commands.deliveries import Outcome, Result
from baton.core.commands.mail_queue import LetterOrder, queue_letters
from baton.core.models import Attempt, Delivery, Event, User
from baton.core.models.delivery import Channel, Pace
from baton.reactions.deliver import Sender, deliver_due, leave_a_thread, register_senders
from baton.reactions.follow import follow_all
from baton.reactions.letters.composing import Later, Unsent, register_composers
from baton.reactions.mail import by_mail
from baton.reactions.room import Room
from tests.cast import Cast
from tests.factories import make_task, make_user
from tests.hooks import leases_end, time_passes
from tests.mail_server import HANG_UP, STALL, TRICKLE, MailServer, send_to
from tests.post import mail_deliveries, post
from tests.threads import run_together
from tests.traces import let_the_log_settle

pytestmark = pytest.mark.django_db(transaction=True)

PLAIN = "plain"
PASSWORD = "h4sh & s4lt"


@pytest.fixture(autouse=True)
def _plain_letters() -> Iterator[None]:
    """Have a letter that says nothing, and room for the mail of one test alone."""
    register_composers({PLAIN: compose, "gone": lambda _delivery: Unsent("Nobody wants it."), "odd": fail})
    register_senders({**wiring.SENDERS, Channel.MAIL.value: by_mail(Room(most=3))})
    yield
    register_composers(wiring.COMPOSERS)
    register_senders(wiring.SENDERS)


def compose(delivery: Delivery) -> Letter:
    address = str(User.objects.get(pk=delivery.recipient).email)
    return Letter(address, [address], delivery.occasion, "Hello\n", delivery.message_id)


def fail(delivery: Delivery) -> Letter:
    raise LookupError


def write_to(*users: User, occasion: str = "event:1", letter: str = PLAIN, pace: Pace = Pace.LETTER) -> None:
    with transaction.atomic():
        queue_letters(LetterOrder(letter, user.pk, occasion, pace=pace) for user in users)


def only() -> Delivery:
    return Delivery.objects.get()


def test_what_is_due_is_sent_once(smtp: MailServer) -> None:
    anna = make_user("anna")
    for _ in range(2):
        write_to(anna)
    assert post() == 1
    [arrived] = smtp.arrived
    assert (arrived.recipients, arrived.message_id) == (("anna@example.org",), only().message_id)
    assert (only().state, only().tries, Attempt.objects.get().error) == ("delivered", 1, "")


def test_what_was_rolled_back_is_told_to_nobody(cast: Cast, smtp: MailServer) -> None:
    register_composers(wiring.COMPOSERS)
    Event.objects.all().delete()

    def create() -> None:
        make_task(cast.owner, cast.project, "Roof", assignees=[cast.editor.pk])

    def fail_after_that() -> None:
        with transaction.atomic():
            create()
            raise ZeroDivisionError

    _follow()
    with pytest.raises(ZeroDivisionError):
        fail_after_that()
    _follow()
    assert post() == 0
    assert smtp.connections == 0
    create()
    _follow()
    assert post() == 1
    assert [letter.subject for letter in smtp.arrived] == ["Task Assigned: Roof"]


def _follow() -> None:
    let_the_log_settle()
    follow_all()


def test_a_letter_that_nobody_wants_is_cancelled_with_the_reason(smtp: MailServer) -> None:
    write_to(make_user(), letter="gone")
    post()
    assert (only().state, only().last_error, Attempt.objects.count()) == ("cancelled", "Nobody wants it.", 0)
    assert smtp.connections == 0


@pytest.mark.parametrize("letter", ["odd", "nobody writes it"])
def test_a_fault_of_ours_is_a_failed_try(smtp: MailServer, letter: str) -> None:
    write_to(make_user(), letter=letter)
    assert post() == 1
    assert (only().state, only().tries) == ("waiting", 1)
    assert "fault" in only().last_error


def test_greylisted_it_arrives_with_the_third_try(smtp: MailServer) -> None:
    smtp.will("RCPT", "451 4.7.1 Greylisted, come back", times=2)
    write_to(make_user())
    for _ in range(3):
        assert (post(), post()) == (1, 0)
        time_passes()
    assert post() == 0
    assert len(smtp.arrived) == 1
    answers = list(Attempt.objects.order_by("pk").values_list("status", "answer"))
    assert answers[:2] == [(451, "4.7.1 Greylisted, come back")] * 2
    assert [status for status, _ in answers] == [451, 451, 250]
    assert (only().state, only().tries) == ("delivered", 3)


@pytest.mark.parametrize(
    "pace, pauses", [(Pace.TASKTABLE, [300] * 3), (Pace.TASK_MANAGER, [60] * 3), (Pace.LETTER, [30, 120, 300, 900])]
)
def test_a_server_that_is_gone_is_tried_at_the_letters_pace(
    settings: Any, smtp: MailServer, pace: Pace, pauses: list[int]
) -> None:
    send_to(settings, MailServer(port=1))
    write_to(make_user(), pace=pace)
    with capture_logs() as logs:
        for pause in pauses:
            assert post() == 1
            wait = only().next_try_at - timezone.now()
            assert timedelta(seconds=0.8 * pause - 3) < wait < timedelta(seconds=pause + 3)
            assert post() == 0
            time_passes()
        post()
    tries = len(pauses) + 1
    warnings = [line for line in logs if line["event"] == "delivery.failed"]
    assert [line["log_level"] for line in warnings] == ["warning"] * tries
    assert Attempt.objects.filter(status=None, error__contains="refused").count() == tries
    if pace != Pace.LETTER:
        assert (only().state, only().tries) == ("dead", tries)
        [alarm] = [line for line in logs if line["event"] == "delivery.dead"]
        assert (alarm["log_level"], alarm["delivery"]) == ("error", only().pk)
        time_passes()
        assert post() == 0


def test_one_bad_address_of_three_is_dead_at_once_and_the_others_unhurt(smtp: MailServer) -> None:
    people = [make_user(name) for name in ("anna", "ben", "carl")]
    smtp.will("RCPT", "550 5.1.1 No such mailbox", address="ben@example.org")
    write_to(*people)
    with capture_logs() as logs:
        assert post() == 3
    assert [row.state for row in mail_deliveries()] == ["delivered", "dead", "delivered"]
    assert Attempt.objects.get(delivery__state="dead").status == 550
    assert sum(line["event"] == "delivery.dead" for line in logs) == 1
    assert [found.recipients[0] for found in smtp.arrived] == ["anna@example.org", "carl@example.org"]


@pytest.mark.parametrize(
    "stage, answer, state",
    [
        ("DATA", "421 4.3.2 Closing", "waiting"),
        ("RCPT", "421 4.3.2 Closing", "waiting"),
        ("DATA", HANG_UP, "waiting"),
        ("DATA", "552 5.2.2 Over quota", "dead"),
    ],
)
def test_what_happens_in_the_midst_of_a_session(smtp: MailServer, stage: str, answer: str, state: str) -> None:
    anna, ben = make_user("anna"), make_user("ben")
    smtp.will(stage, answer, times=1)
    write_to(anna, ben)
    assert post() == 2
    assert [row.state for row in mail_deliveries()] == [state, "delivered"]
    time_passes()
    post()
    assert len(smtp.arrived) == (1 if state == "dead" else 2)


def test_a_refused_log_in_alarms_and_tells_nobody_the_password(smtp: MailServer, settings: Any) -> None:
    send_to(settings, smtp, EMAIL_HOST_USER="joe", EMAIL_HOST_PASSWORD=PASSWORD)
    smtp.will("AUTH", f"535 5.7.8 Not joe with {PASSWORD}", times=2)
    write_to(make_user())
    with capture_logs() as logs:
        post()
    [alarm] = [line for line in logs if line["event"] == "mail.login_refused"]
    assert alarm["log_level"] == "error"
    assert (only().state, Attempt.objects.get().status) == ("waiting", 535)
    assert PASSWORD not in repr([logs, list(Attempt.objects.values()), list(Delivery.objects.values())])
    smtp.forgive()
    time_passes()
    post()
    assert only().state == "delivered"


@pytest.mark.parametrize("stage, what", [("CONNECT", STALL), ("DATA", STALL), ("DATA", TRICKLE)])
def test_a_silent_server_holds_up_one_worker_and_nothing_else(
    smtp: MailServer, settings: Any, stage: str, what: str
) -> None:
    settings.EMAIL_TIMEOUT = 1.2
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
    run_together(*[_work] * 4)
    assert len(others) == 3
    assert max(others) < 1.0
    # One letter at a time, as long as nobody answers.
    assert Attempt.objects.filter(delivery__channel=Channel.MAIL).count() <= 2
    assert not Delivery.objects.filter(state="sending").exists()


@pytest.mark.parametrize("threads", [2, 3, 4])
def test_a_server_that_falls_silent_leaves_a_thread(threads: int, smtp: MailServer, settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 1.5
    others: list[float] = []
    register_senders(
        {
            Channel.MAIL.value: by_mail(Room(most=3)),
            Channel.WEBHOOK.value: Sender(_hear(others, time.monotonic()), lambda _delivery, _outcome: None),
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
    run_together(*[_work] * threads)
    assert time.monotonic() - silent_since > settings.EMAIL_TIMEOUT
    assert len(others) == 3
    assert max(others) < 1.2


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
    run_together(*[_work] * 3)
    arrived = {found.recipients[0] for found in smtp.arrived}
    assert arrived == {"first@example.org", *(str(user.email) for user in others)}
    assert time.monotonic() - began < 4
    assert Delivery.objects.get(recipient=slow.pk).state == "waiting"


def test_a_recipient_who_stalls_holds_up_nobody_else(smtp: MailServer, settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 1.5
    slow, *others = [make_user(name) for name in ("slow", "a1", "a2", "a3")]
    write_to(make_user("first"))
    post()  # the server answers
    smtp.will("RCPT", STALL, address="slow@example.org")
    for occasion in range(3):
        write_to(slow, occasion=f"event:{occasion}")
    write_to(others[0])
    assert _seconds_until_posted(smtp, others[0]) < 1.0
    # Nothing else came while the others stalled; what comes now has its place all the same.
    assert _stalled() == [1, 1, 1]
    time_passes()
    write_to(others[1])
    assert _seconds_until_posted(smtp, others[1]) < 1.0
    time_passes()
    write_to(others[2])
    assert _seconds_until_posted(smtp, others[2]) < 1.0
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
    run_together(*[_work] * 3)
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


def test_five_workers_told_of_one_letter_send_it_once(smtp: MailServer) -> None:
    write_to(make_user("anna"), make_user("ben"))
    run_together(*[_work] * 5)
    assert sorted(found.recipients[0] for found in smtp.arrived) == ["anna@example.org", "ben@example.org"]
    assert Attempt.objects.count() == 2


def test_what_a_killed_worker_held_is_sent_by_another_under_the_same_name(smtp: MailServer) -> None:
    write_to(make_user())
    smtp.will("DATA", "451 4.3.0 Wait", times=1)
    post()
    Delivery.objects.update(state="sending", lease_until=Now() + timedelta(seconds=45))
    assert post() == 0
    leases_end()
    assert post() == 1
    assert [found.message_id for found in smtp.arrived] == [only().message_id]
    assert "worker ended" in Attempt.objects.order_by("pk")[1].error


def _work() -> None:
    deliver_due(1.0, wake_another=lambda: None)


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


def test_what_the_server_says_of_a_letter_it_takes_is_kept(smtp: MailServer) -> None:
    write_to(make_user())
    post()
    tried = Attempt.objects.get()
    assert (tried.status, bool(tried.answer)) == (250, True)


def test_a_letter_waits_for_the_end_of_quiet_hours(smtp: MailServer) -> None:
    until = timezone.now() + timedelta(hours=3)
    register_composers({PLAIN: lambda _delivery: Later(until)})
    write_to(make_user())
    post()
    assert (only().state, only().tries, only().last_error) == ("waiting", 0, "They have quiet hours.")
    assert abs(only().next_try_at - until) < timedelta(minutes=1)
    assert smtp.connections == 0
