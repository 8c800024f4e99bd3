"""Webhooks: which events go to whom (the reaction), and sending one of them (a channel of `deliver`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic

import msgspec
from django.db import transaction
from django.utils import timezone
from standardwebhooks import Webhook as Signer

from baton.adapters.safe_http import Answer, OutgoingError, post
from baton.core.commands.deliveries import Outcome, Result
from baton.core.commands.webhook_queue import queue_events
from baton.core.commands.webhook_upkeep import note_failure, note_success, pause_by_system
from baton.core.models import Delivery, Event, Webhook
from baton.core.models.webhook import PauseReason
from baton.core.policies.webhooks import events_for, is_answered_for
from baton.core.queries.events import get_event
from baton.lib.signing_secrets import secret_of

GONE = 410
_PING = "webhook.pinged"


@dataclass(frozen=True, slots=True)
class QueueForWebhooks:
    """The reaction: writes the deliveries of the events. `wake` is called once they are committed; it may fail."""

    wake: Callable[[], None]

    def __call__(self, events: list[Event]) -> None:
        """Handle the events."""
        if queue_events(events):
            transaction.on_commit(self.wake, robust=True)


def send_to_webhook(delivery: Delivery) -> Outcome:
    """Post the event to the webhook, as far as the webhook may still have it at this moment."""
    webhook = Webhook.objects.filter(pk=delivery.recipient).first()
    event = Event.objects.filter(pk=delivery.event_id or 0).first()
    if webhook is None or event is None:
        return Outcome(Result.CANCELLED, "The webhook is gone.")
    if (unsent := _reason_against(webhook, event)) is not None:
        return unsent
    began = monotonic()
    try:
        answer = post(webhook.url, body := make_payload(event), sign(webhook, delivery.message_id, body))
    except OutgoingError as error:
        return Outcome(_failure_of(event), str(error), duration=timedelta(seconds=monotonic() - began))
    return _judge(event, answer, timedelta(seconds=monotonic() - began))


def note_outcome(delivery: Delivery, outcome: Outcome) -> None:
    """Pause a webhook that is gone, fails for days, or that nobody answers for."""
    if outcome.status == GONE:
        pause_by_system(delivery.recipient, PauseReason.GONE)
    elif outcome.result is Result.POSTPONED:
        webhook = Webhook.objects.filter(pk=delivery.recipient).first()
        if webhook is not None and not is_answered_for(webhook):
            pause_by_system(webhook.pk, PauseReason.OWNER_LEFT)
    elif outcome.result is Result.DELIVERED:
        note_success(delivery.recipient)
    elif outcome.result is Result.FAILED:
        note_failure(delivery.recipient)


def make_payload(event: Event) -> bytes:
    """Return the body of a webhook: the event as polling and the stream show it."""
    shown = get_event(event)
    return msgspec.json.encode({"type": shown.verb, "timestamp": shown.at, "data": shown})


def sign(webhook: Webhook, message_id: str, body: bytes) -> dict[str, str]:
    """Return the headers of Standard Webhooks. For a day after a rotation the previous secret signs too."""
    now = timezone.now()
    seeds = [webhook.seed]
    if webhook.previous_seed and webhook.previous_until is not None and webhook.previous_until > now:
        seeds.append(webhook.previous_seed)
    signatures = [Signer(secret_of(seed)).sign(message_id, now, body.decode()) for seed in seeds]
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _reason_against(webhook: Webhook, event: Event) -> Outcome | None:
    """Return why the event is not sent now; None where it is."""
    if not is_answered_for(webhook):
        return Outcome(Result.POSTPONED, "Nobody who may answers for the webhook any more.")
    if event.verb == _PING:
        return None
    if webhook.paused_at is not None:
        return Outcome(Result.POSTPONED, "The webhook is paused.")
    if not events_for(webhook).filter(pk=event.pk).exists():
        return Outcome(Result.CANCELLED, "The webhook may not have this event, or doesn't want it any more.")
    return None


def _judge(event: Event, answer: Answer, duration: timedelta) -> Outcome:
    text = answer.body.decode("utf-8", "replace")
    if 200 <= answer.status < 300:
        return Outcome(Result.DELIVERED, "", answer.status, text, duration)
    error, wait = f"The receiver answered {answer.status}.", _retry_after(answer)
    return Outcome(_failure_of(event), error, answer.status, text, duration, wait)


def _failure_of(event: Event) -> Result:
    """Return what a failure is: a test is tried once."""
    return Result.REFUSED if event.verb == _PING else Result.FAILED


def _retry_after(answer: Answer) -> float:
    """Return the seconds that the receiver asks us to wait (RFC 9110, section 10.2.3); 0 where it says nothing."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, IndexError):
        return 0.0
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())
