"""The weekly reports of projects, to those who asked for them, on the day and at the hour of their weekly digest.

As digests are, each is written once for a person and a week, and after a standstill the last one is made up for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from baton.core.commands.job_slots import take_slot, taken_among
from baton.core.commands.mail_queue import LetterOrder, queue_letters
from baton.core.policies.mail_modes import Recipient, recipients
from baton.core.queries.report_subscriptions import list_report_subscriptions
from baton.lib.local_times import latest, zone_of

WEEKLY_REPORT = "weekly_report"


@dataclass(frozen=True, slots=True)
class _Due:
    """A project's report that somebody is to get for the week before a day."""

    recipient: Recipient
    project_id: int
    day: date

    @property
    def slot(self) -> str:
        return f"{self.recipient.user.pk} {self.occasion}"

    @property
    def occasion(self) -> str:
        return f"report:{self.project_id}:{self.day}"


def queue_weekly_reports() -> int:
    """Write the reports whose hour has come; return how many."""
    all_due = list(_find_due(timezone.now()))
    taken = taken_among(WEEKLY_REPORT, [due.slot for due in all_due])
    return sum(_queue(due) for due in all_due if due.slot not in taken)


def _find_due(now: datetime) -> Iterator[_Due]:
    """Yield the last report of each subscription; none from before it was asked for."""
    subscriptions = list(list_report_subscriptions())
    people = recipients(subscription.user_id for subscription in subscriptions)
    for subscription in subscriptions:
        recipient = people.get(subscription.user_id)
        if recipient is None:
            continue
        hours = recipient.hours
        day, at = latest(now, hours.digest_hour, zone_of(recipient.user.timezone), hours.digest_weekday)
        if subscription.created_at < at:
            yield _Due(recipient, subscription.project_id, day)


def _queue(due: _Due) -> int:
    with transaction.atomic():
        if not take_slot(WEEKLY_REPORT, due.slot):
            return 0
        after = due.recipient.delay(timezone.now())
        order = LetterOrder(WEEKLY_REPORT, due.recipient.user.pk, due.occasion, project_id=due.project_id, after=after)
        return len(queue_letters([order]))
