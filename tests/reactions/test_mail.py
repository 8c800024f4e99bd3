"""Letters through the real queue to a real SMTP server: R08 to R12, with the pauses moved instead of waited for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from structlog.testing import capture_logs

from baton import wiring
from baton.core.models import Attempt, Delivery, Event
from baton.core.models.delivery import Pace
from baton.reactions.follow import follow_all
from baton.reactions.letters.composing import Later, register_composers
from tests.cast import Cast
from tests.factories import make_task, make_user
from tests.hooks import leases_end, only, time_passes
from tests.mail_server import HANG_UP, MailServer, send_to
from tests.post import mail_deliveries, post
from tests.reactions.plain_letters import PLAIN, plain_letters, work, write_to
from tests.threads import run_together
from tests.traces import let_the_log_settle

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "h4sh & s4lt"


@pytest.fixture(autouse=True)
def _plain_letters() -> Iterator[None]:
    with plain_letters():
        yield


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


def test_five_workers_told_of_one_letter_send_it_once(smtp: MailServer) -> None:
    write_to(make_user("anna"), make_user("ben"))
    run_together(*[work] * 5)
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
