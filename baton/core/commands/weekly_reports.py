"""The weekly report of a project, on Mondays at the hour of each reader's digests, about the week before.

Once for each Monday, as digests are (`digests.py`): what decides is the last one on which it has been the hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from baton.core.commands.job_slots import take_slot, taken_among
from baton.core.commands.mail_queue import LetterOrder, queue_letters
from baton.core.models import ReportSubscription
from baton.core.policies.mail_modes import Recipient, recipients
from baton.core.queries.report_subscriptions import list_report_subscriptions
from baton.lib.local_times import latest, zone_of

WEEKLY_REPORT = "weekly_report"
_JOB = "weekly_report"
_MONDAY = 0
_AT_ONCE = 500


def queue_weekly_reports() -> int:
    """Write the deliveries of the reports whose hour has come; return how many."""
    now = timezone.now()
    written, batch = 0, []
    for subscription in list_report_subscriptions():
        batch.append(subscription)
        if len(batch) == _AT_ONCE:
            written += _queue_some(batch, now)
            batch = []
    return written + _queue_some(batch, now)


def occasion_of(project_id: int, monday: date) -> str:
    """Return the occasion of the letter about the week before that Monday."""
    return f"report:{project_id}:{monday}"


def last_day_of(occasion: str) -> date:
    """Return the Sunday that the letter's week ends with."""
    return date.fromisoformat(occasion.rpartition(":")[2]) - timedelta(days=1)


def _queue_some(subscriptions: Sequence[ReportSubscription], now: datetime) -> int:
    reached = recipients(subscription.user_id for subscription in subscriptions)
    due = {}
    for subscription in subscriptions:
        recipient = reached.get(subscription.user_id)
        if recipient is not None and (order := _order(subscription, recipient, now)) is not None:
            due[f"{order.recipient} {order.occasion}"] = order
    taken = taken_among(_JOB, due)
    return sum(_queue(slot, order) for slot, order in due.items() if slot not in taken)


def _order(subscription: ReportSubscription, recipient: Recipient, now: datetime) -> LetterOrder | None:
    """Return the letter of the last Monday; None to who hadn't asked for it then."""
    zone = zone_of(recipient.user.timezone)
    monday, moment = latest(now, recipient.hours.digest_hour, zone, _MONDAY)
    if subscription.created_at >= moment:
        return None
    occasion = occasion_of(subscription.project_id, monday)
    return LetterOrder(
        WEEKLY_REPORT,
        recipient.user.pk,
        occasion,
        project_id=subscription.project_id,
        after=recipient.delay(now),
    )


def _queue(slot: str, order: LetterOrder) -> int:
    with transaction.atomic():
        return len(queue_letters([order])) if take_slot(_JOB, slot) else 0
