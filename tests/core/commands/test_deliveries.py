"""The engine, whatever the channel."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from baton.core.commands.deliveries import (
    DUE,
    Outcome,
    Result,
    claim_next,
    finish_delivery,
    forget_deliveries,
    is_anything_due,
)
from baton.core.models import Attempt, Delivery, Event
from baton.core.models.delivery import NO_ACCOUNT, Channel, Pace
from tests.cast import Cast
from tests.factories import make_task

OK = Outcome(Result.DELIVERED, status=200)
FAILED = Outcome(Result.FAILED, "It said no.", 500)


@pytest.fixture
def event(cast: Cast) -> Event:
    make_task(cast.owner, cast.project)
    return Event.objects.latest("pk")


def deliver_to(event: Event, recipient: int, **fields: object) -> Delivery:
    values = {
        "channel": Channel.WEBHOOK,
        "pace": Pace.WEBHOOK,
        "occasion": f"event:{event.pk}",
        "message_id": "m",
        "next_try_at": Now(),
        "created_at": timezone.now(),
    }
    return Delivery.objects.create(event=event, recipient=recipient, **{**values, **fields})


def test_one_of_each(event: Event) -> None:
    deliver_to(event, 1)
    deliver_to(event, 1, run=1)
    deliver_to(event, 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        deliver_to(event, 1)


def test_a_claimed_row_is_nobody_elses(event: Event) -> None:
    row = deliver_to(event, 1)
    claimed = claim_next()
    assert claimed is not None
    assert (claimed.pk, claimed.state, claimed.tries) == (row.pk, "sending", 1)
    assert claim_next() is None
    assert not is_anything_due()


def test_of_two_that_saw_the_same_row_one_gets_it(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver_to(event, 1)
    faster = overtake(monkeypatch)
    assert claim_next() is None
    assert faster[0] is not None
    assert Delivery.objects.get().claim == faster[0].claim


def test_what_another_has_tried_meanwhile_is_seen_anew(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver_to(event, 1)
    faster = overtake(monkeypatch, fail_at_once)
    slow = claim_next()
    assert faster[0] is not None
    assert slow is not None
    assert slow.tries == Delivery.objects.get().tries == 2


def test_the_lease_is_in_the_databases_time(event: Event) -> None:
    deliver_to(event, 1)
    claimed = claim_next()
    with connection.cursor() as cursor:
        now = "strftime('%Y-%m-%d %H:%M:%f','now')" if connection.vendor == "sqlite" else "statement_timestamp()"
        cursor.execute(f"SELECT lease_until > {now} FROM core_delivery")
        assert cursor.fetchone()[0]
    assert claimed is not None
    assert claimed.lease_until is not None
    assert timedelta(seconds=25) < claimed.lease_until - timezone.now() < timedelta(seconds=35)


def test_a_lease_that_has_ended_is_taken_over_and_its_holder_comes_too_late(event: Event) -> None:
    deliver_to(event, 1)
    slow = claim_next()
    assert slow is not None
    Delivery.objects.update(lease_until=Now())
    fast = claim_next()
    assert fast is not None
    assert not finish_delivery(slow, FAILED)
    assert Delivery.objects.get().claim == fast.claim
    assert finish_delivery(fast, OK)
    assert not finish_delivery(slow, FAILED)
    assert Delivery.objects.get().state == "delivered"
    assert Attempt.objects.count() == 4


def test_unordered_ones_wait_for_no_order(event: Event) -> None:
    deliver_to(event, 1)
    deliver_to(event, 1, run=1)
    deliver_to(event, 1, run=2, is_ordered=False)
    first, second = claim_next(), claim_next()
    assert first is not None
    assert second is not None
    assert (first.run, second.run, is_anything_due()) == (0, 2, False)


@pytest.mark.parametrize("channel", [Channel.MAIL, Channel.WEBHOOK])
def test_two_at_a_time_are_on_their_way_to_a_recipient(event: Event, channel: Channel) -> None:
    for run in range(12):
        deliver_to(event, 1, run=run, is_ordered=False, channel=channel)
    deliver_to(event, 2, is_ordered=False, channel=channel)
    assert claimed() == [1, 1, 2]
    Delivery.objects.filter(state="sending").update(lease_until=Now())
    assert claimed() == [1, 2], "what its worker gave up was tried in vain"


@pytest.mark.parametrize("channel", [Channel.MAIL, Channel.WEBHOOK])
def test_one_at_a_time_is_on_its_way_to_whom_something_was_tried_in_vain(event: Event, channel: Channel) -> None:
    for run in range(12):
        deliver_to(event, 1, run=run, is_ordered=False, channel=channel)
    deliver_to(event, 2, is_ordered=False, channel=channel)
    first = claim_next()
    assert first is not None
    finish_delivery(first, FAILED)
    assert claimed() == [1, 2]


def test_what_is_on_its_way_elsewhere_is_in_nobodys_way(event: Event) -> None:
    deliver_to(event, 1, is_ordered=False, channel=Channel.MAIL)
    deliver_to(event, 1, is_ordered=False)
    assert claimed() == [1, 1]


def test_those_without_an_account_are_not_one_recipient(event: Event) -> None:
    for run in range(3):
        deliver_to(event, NO_ACCOUNT, run=run, is_ordered=False, channel=Channel.MAIL)
    assert claimed() == [NO_ACCOUNT] * 3


def test_a_lease_that_has_ended_is_in_nobodys_way(event: Event) -> None:
    for run in range(2):
        deliver_to(event, 1, run=run, is_ordered=False)
    lost = claim_next()
    assert lost is not None
    Delivery.objects.filter(pk=lost.pk).update(lease_until=Now(), next_try_at=Now() + timedelta(minutes=1))
    assert claimed() == [1, 1]


def test_whoever_was_overtaken_takes_what_is_for_others(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    for run in range(12):
        deliver_to(event, 1, run=run, is_ordered=False)
    deliver_to(event, 2, is_ordered=False)
    assert claim_next()
    overtake(monkeypatch)
    found = claim_next()
    assert found is not None
    assert found.recipient == 2
    assert Delivery.objects.filter(recipient=1, state="sending").count() == 2


def claimed() -> list[int]:
    """Claim all that can be; return the recipients."""
    found = []
    while delivery := claim_next():
        found.append(delivery.recipient)
    return found


def fail_at_once(delivery: Delivery) -> None:
    """Try a claimed one in vain, and have it due again."""
    finish_delivery(delivery, FAILED)
    Delivery.objects.update(next_try_at=Now())


def overtake(
    monkeypatch: pytest.MonkeyPatch, then: Callable[[Delivery], None] = lambda _: None
) -> list[Delivery | None]:
    """Have another claim first, once, between a worker's look and its claim; return what that one got, later."""
    faster: list[Delivery | None] = []

    def be_overtaken() -> UUID:
        if not faster:
            faster.append(None)
            faster[0] = claimed = claim_next()
            if claimed is not None:
                then(claimed)
        return uuid4()

    monkeypatch.setattr("baton.core.commands.deliveries.uuid4", be_overtaken)
    return faster


def test_a_refused_one_is_dead_at_once(event: Event) -> None:
    deliver_to(event, 1)
    claimed = claim_next()
    assert claimed is not None
    finish_delivery(claimed, Outcome(Result.REFUSED, "No such mailbox.", 550))
    row = Delivery.objects.get()
    assert (row.state, row.last_error) == ("dead", "No such mailbox.")
    assert row.finished_at is not None


def test_one_that_was_not_tried_has_not_used_a_try(event: Event) -> None:
    deliver_to(event, 1)
    claimed = claim_next()
    assert claimed is not None
    finish_delivery(claimed, Outcome(Result.POSTPONED, "Paused."))
    row = Delivery.objects.get()
    assert (row.state, row.tries, Attempt.objects.count(), claim_next()) == ("waiting", 0, 0, None)


def test_old_ones_are_forgotten_with_their_attempts(event: Event) -> None:
    for run, days in enumerate((40, 20)):
        row = deliver_to(event, 1, run=run, state="delivered", finished_at=timezone.now() - timedelta(days=days))
        Attempt.objects.create(delivery=row, at=timezone.now())
    deliver_to(event, 1, run=9)
    before = timezone.now() - timedelta(days=30)
    assert forget_deliveries(before) == 1
    assert forget_deliveries(before) == 0
    assert sorted(Delivery.objects.values_list("run", flat=True)) == [1, 9]
    assert Attempt.objects.count() == 1


@pytest.mark.django_db
def test_what_is_due_is_found_without_reading_what_is_done() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL looks at what there is and may choose anew")
    statement = DUE.statement(frozenset(Channel.values), 1)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + statement.sql, statement.bind({}))
        plan = "\n".join(str(row) for row in cursor.fetchall())
    assert "delivery_due" in plan
    assert "delivery_tried" in plan
    assert "delivery_newest" not in plan
    assert "one_delivery_each" not in plan
