"""Webhooks whose receiver is down, fails or asks to wait, and workers that are killed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from django.utils import timezone

from baton.core.commands.deliveries import PACES, claim_next
from baton.core.commands.webhook_upkeep import resume_webhook
from baton.core.models import Attempt, Delivery, Event, Webhook
from baton.core.models.delivery import Pace
from baton.reactions.deliver import deliver
from tests.cast import Cast
from tests.factories import actor_of, make_task
from tests.hooks import (
    deliver_all,
    fail_with,
    follow_log,
    ids_of,
    leases_end,
    make_hook,
    only,
    states,
    time_passes,
    verbs_of,
)
from tests.receiver import Receiver

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_receiver_that_was_down_gets_everything_in_order(cast: Cast, receiver: Receiver) -> None:
    make_hook(cast.owner, cast.project, receiver.url)
    receiver.reply = fail_with(503)
    for _ in range(3):
        make_task(cast.owner, cast.project)
    for _ in range(4):
        deliver_all()
        time_passes()
    assert len(set(ids_of(receiver))) == 1, "those behind wait for the first"
    receiver.sent.clear()
    receiver.reply = lambda _sent: (200, {}, b"")
    deliver_all()
    numbers = [int(found.removeprefix("evt_")) for found in ids_of(receiver)]
    assert (len(numbers), numbers) == (3, sorted(numbers))


def test_one_that_is_down_holds_up_no_other(cast: Cast, receiver: Receiver) -> None:
    make_hook(cast.owner, cast.project, "http://127.0.0.1:1/")
    make_hook(cast.owner, cast.project, receiver.url)
    make_task(cast.owner, cast.project)
    make_task(cast.owner, cast.project)
    deliver_all()
    assert len(receiver.sent) == 2


def test_tries_for_a_day_and_then_goes_on_with_the_next(cast: Cast, receiver: Receiver) -> None:
    make_hook(cast.owner, cast.project, receiver.url)
    receiver.reply = fail_with(500)
    make_task(cast.owner, cast.project)
    make_task(cast.owner, cast.project)
    pace = PACES[Pace.WEBHOOK]
    for pause in pace.back_off:
        deliver_all()
        first = Delivery.objects.earliest("pk")
        waited = first.next_try_at - timezone.now()
        assert timedelta(seconds=pause * 0.8 - 5) <= waited <= timedelta(seconds=pause)
        time_passes()
    assert 22 * 3600 < sum(pace.back_off) <= 24 * 3600
    receiver.reply = lambda sent: (500 if sent.headers["webhook-id"] == first.message_id else 200, {}, b"")
    deliver_all()
    states = list(Delivery.objects.order_by("pk").values_list("state", "tries"))
    assert states == [("dead", len(pace.back_off) + 1), ("delivered", 1)]


@pytest.mark.parametrize("is_date", [False, True])
def test_waits_as_long_as_the_receiver_asks(cast: Cast, receiver: Receiver, is_date: bool) -> None:
    make_hook(cast.owner, cast.project, receiver.url)
    until = datetime.now(UTC) + timedelta(hours=1)
    receiver.reply = fail_with(429, **{"Retry-After": format_datetime(until, usegmt=True) if is_date else "3600"})
    make_task(cast.owner, cast.project)
    deliver_all()
    assert timedelta(minutes=59) < only().next_try_at - timezone.now() < timedelta(minutes=61)


@pytest.mark.parametrize("asked", ["-1", "soon", "1e9", "99999999999999999999999", "²"])
def test_a_strange_wish_to_wait_harms_nobody(cast: Cast, receiver: Receiver, asked: str) -> None:
    make_hook(cast.owner, cast.project, receiver.url)
    receiver.reply = fail_with(503, **{"Retry-After": asked.encode().decode("latin-1")})
    make_task(cast.owner, cast.project)
    deliver_all()
    assert only().next_try_at - timezone.now() <= timedelta(days=1)


def test_a_killed_worker_loses_nothing(cast: Cast, receiver: Receiver) -> None:
    make_hook(cast.owner, cast.project, receiver.url)
    make_task(cast.owner, cast.project)
    make_task(cast.owner, cast.project)
    follow_log()
    lost = claim_next()
    assert lost is not None
    assert deliver_all() == 0, "it is somebody's, and the next one waits for it"
    leases_end()
    assert deliver_all() == 2
    assert ids_of(receiver) == [lost.message_id, f"evt_{Event.objects.latest('pk').pk}"]
    assert "ended" in Attempt.objects.earliest("pk").error
    # The worker was only slow: what it says now changes nothing.
    deliver(lost)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}


def test_gone_is_gone(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast.owner, cast.project, receiver.url)
    receiver.reply = fail_with(410)
    make_task(cast.owner, cast.project)
    deliver_all()
    hook.refresh_from_db()
    assert (hook.paused_reason, only().state) == ("gone", "held")


def test_pauses_after_days_of_failure_and_sends_all_after_a_resume(
    cast: Cast, receiver: Receiver, settings: Any
) -> None:
    settings.BATON_WEBHOOK_PAUSE_DAYS = 3
    hook = make_hook(cast.owner, cast.project, receiver.url)
    receiver.reply = fail_with(500)
    make_task(cast.owner, cast.project)
    deliver_all()
    Webhook.objects.update(failing_since=timezone.now() - timedelta(days=3))
    time_passes()
    deliver_all()
    hook.refresh_from_db()
    assert hook.paused_reason == "failing"
    [told] = Event.objects.filter(verb="webhook.paused")
    assert (told.project_id, told.actor_id, told.data["reason"]) == (cast.project.pk, None, "failing")
    receiver.sent.clear()
    for _ in range(3):
        make_task(cast.owner, cast.project)
    time_passes()
    assert deliver_all() == 0
    assert Delivery.objects.count() == 1, "the rest waits in the log"
    receiver.reply = lambda _sent: (200, {}, b"")
    resume_webhook(actor_of(cast.owner), hook.pk)
    deliver_all()
    assert verbs_of(receiver) == ["task.created"] * 4
    hook.refresh_from_db()
    assert (hook.failing_since, hook.behind_event, states()) == (None, None, {"delivered"})


def test_success_ends_the_failing(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(cast.owner, cast.project, receiver.url)
    receiver.reply = fail_with(500)
    make_task(cast.owner, cast.project)
    deliver_all()
    assert Webhook.objects.get(pk=hook.pk).failing_since is not None
    receiver.reply = lambda _sent: (204, {}, b"")
    time_passes()
    deliver_all()
    assert Webhook.objects.get(pk=hook.pk).failing_since is None


def test_a_long_queue_waits_in_the_log(cast: Cast, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("baton.core.commands.webhook_queue.LONGEST_QUEUE", 5)
    hook = make_hook(cast.owner, cast.project, receiver.url)
    receiver.reply = fail_with(500)
    for _ in range(4):
        make_task(cast.owner, cast.project)
    deliver_all()
    for _ in range(9):
        make_task(cast.owner, cast.project)
    deliver_all()
    hook.refresh_from_db()
    assert (Delivery.objects.count(), hook.behind_event is not None) == (5, True)
    receiver.reply = lambda _sent: (204, {}, b"")
    receiver.sent.clear()
    time_passes()
    deliver_all()
    numbers = [int(found.removeprefix("evt_")) for found in ids_of(receiver)]
    assert (len(numbers), numbers) == (13, sorted(numbers))
    hook.refresh_from_db()
    assert hook.behind_event is None


def test_an_answer_of_any_kind_can_be_kept(cast: Cast, receiver: Receiver) -> None:
    make_hook(cast.owner, cast.project, receiver.url)
    receiver.reply = lambda _sent: (500, {}, b"\x00\xff\xed\xa0\x80" + b"x" * 100_000)
    make_task(cast.owner, cast.project)
    deliver_all()
    kept = Attempt.objects.get().answer
    assert kept.startswith("\ufffd\ufffd")
    assert len(kept) == 2000


def test_a_fault_of_ours_is_a_failure(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    make_hook(cast.owner, cast.project)
    monkeypatch.setattr("baton.reactions.webhooks.make_payload", broken)
    make_task(cast.owner, cast.project)
    deliver_all()
    assert (only().state, only().tries) == ("waiting", 1)
