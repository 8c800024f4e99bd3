"""Pausing, resuming, replaying and testing webhooks, by their owners or by the system."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from baton.core.actor import SYSTEM, Actor
from baton.core.commands.webhook_queue import fall_behind, lock_place, make_delivery
from baton.core.commands.webhooks import drop_waiting, lock_webhook, origin_of, save, tell
from baton.core.errors import Invalid
from baton.core.events.facts.webhooks import WebhookPaused, WebhookPinged, WebhookReplayed, WebhookResumed
from baton.core.events.log import Cursor
from baton.core.models import Delivery, Webhook
from baton.core.models.delivery import Channel, DeliveryState
from baton.core.models.webhook import PauseReason
from baton.core.policies.webhooks import is_answered_for
from baton.core.queries.events import UnknownCursor, is_known


def pause_webhook(actor: Actor, webhook_id: int) -> Webhook:
    """Send nothing for now; what happens meanwhile is sent after a resume. Twice changes nothing. Raises NotFound."""
    with transaction.atomic():
        place = lock_place()
        webhook = lock_webhook(actor, webhook_id)
        return webhook if webhook.paused_at else _pause(actor, webhook, PauseReason.BY_HAND, place)


def resume_webhook(actor: Actor, webhook_id: int) -> Webhook:
    """Send again, at once and beginning with what waits; each delivery gets all its tries anew.

    Where nobody answers for the webhook any more, the actor does from now on. One that is not paused only has its
    present pause between two tries cut short, and records nothing. Raises NotFound.
    """
    with transaction.atomic():
        webhook = lock_webhook(actor, webhook_id)
        _hurry(webhook)
        if webhook.paused_at is None:
            return webhook
        if not is_answered_for(webhook):
            webhook.user_id = actor.person
        webhook.paused_at, webhook.paused_reason, webhook.failing_since = None, "", None
        save(webhook, "user", "paused_at", "paused_reason", "failing_since")
        tell(actor, webhook, WebhookResumed(webhook=webhook.pk, origin=origin_of(webhook), user=webhook.user_id))
        return webhook


def replay_webhook(actor: Actor, webhook_id: int, after: Cursor) -> Webhook:
    """Send everything behind a place of the log, once more where it has been sent; what waits is sent in its turn.

    Raises NotFound, and Invalid for a cursor that is none of this log.
    """
    with transaction.atomic():
        lock_place()
        webhook = lock_webhook(actor, webhook_id)
        if not is_known(after):
            raise Invalid.field("/after", UnknownCursor.code, UnknownCursor.detail)
        drop_waiting(webhook, "Sent by the replay instead, if it is behind its cursor.")
        webhook.run += 1
        save(webhook, "run")
        fall_behind(webhook, after)
        tell(actor, webhook, WebhookReplayed(webhook=webhook.pk, origin=origin_of(webhook), after=str(after)))
        return webhook


def ping_webhook(actor: Actor, webhook_id: int) -> Delivery:
    """Have a test event sent to this webhook: out of turn, once, also while it is paused. Raises NotFound."""
    with transaction.atomic():
        webhook = lock_webhook(actor, webhook_id)
        event = tell(actor, webhook, WebhookPinged(webhook=webhook.pk, origin=origin_of(webhook)))
        delivery = make_delivery(webhook, event, is_ordered=False)
        delivery.save()
        return delivery


def pause_by_system(webhook_id: int, reason: PauseReason) -> None:
    """Pause a webhook that is not paused yet, since it is gone or nobody answers for it any more."""
    with transaction.atomic():
        place = lock_place()
        webhook = Webhook.objects.select_for_update(no_key=True).filter(pk=webhook_id, paused_at=None).first()
        if webhook is not None:
            _pause(SYSTEM, webhook, reason, place)


def note_success(webhook_id: int) -> None:
    """Keep that something came through."""
    Webhook.objects.filter(pk=webhook_id, failing_since__isnull=False).update(failing_since=None)


def note_failure(webhook_id: int) -> None:
    """Keep since when nothing has come through; after days of it the webhook pauses."""
    now = timezone.now()
    Webhook.objects.filter(pk=webhook_id, failing_since=None).update(failing_since=now)
    since: datetime | None = Webhook.objects.filter(pk=webhook_id).values_list("failing_since", flat=True).first()
    if since is not None and since <= now - timedelta(days=settings.BATON_WEBHOOK_PAUSE_DAYS):
        pause_by_system(webhook_id, PauseReason.FAILING)


def _pause(actor: Actor, webhook: Webhook, reason: PauseReason, place: Cursor) -> Webhook:
    webhook.paused_at, webhook.paused_reason = timezone.now(), reason
    save(webhook, "paused_at", "paused_reason")
    if webhook.behind_event is None:
        fall_behind(webhook, place)
    _ordered(webhook).filter(state=DeliveryState.WAITING).update(state=DeliveryState.HELD)
    tell(actor, webhook, WebhookPaused(webhook=webhook.pk, origin=origin_of(webhook), reason=reason))
    return webhook


def _hurry(webhook: Webhook) -> None:
    _ordered(webhook).filter(state__in=(DeliveryState.WAITING, DeliveryState.HELD)).update(
        state=DeliveryState.WAITING, tries=0, next_try_at=Now()
    )


def _ordered(webhook: Webhook) -> QuerySet[Delivery]:
    return Delivery.objects.filter(channel=Channel.WEBHOOK, recipient=webhook.pk, is_ordered=True)
