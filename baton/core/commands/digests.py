"""Digests: one letter for what somebody was told since the last one, at an hour of their own.

Each goes out once for a person and a date, however many schedulers there are, and after a standstill once for all that
has gathered: what decides is the last window that has ended, not when somebody looks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Min, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.commands.job_slots import take_slot, taken_among
from baton.core.commands.mail_queue import LetterOrder, queue_letters
from baton.core.models import MailHours, Notification
from baton.core.models.notification import Mode, Silence
from baton.core.policies.mail_modes import Recipient, Wish, modes_of, recipients
from baton.core.policies.visibility import notifications_seen_by
from baton.lib.local_times import latest, zone_of

DIGEST = "digest"
_JOB = "digest"


@dataclass(frozen=True, slots=True)
class _Window:
    """What came before `end` goes into the digest of a day."""

    user_id: int
    mode: str
    day: date
    end: datetime

    @property
    def occasion(self) -> str:
        return f"{self.mode}:{self.day}"

    @property
    def slot(self) -> str:
        return f"{self.user_id} {self.occasion}"


def queue_digests() -> int:
    """Write the digests whose hour has come; return how many."""
    windows = list(_ended_windows(timezone.now()))
    taken = taken_among(_JOB, [window.slot for window in windows])
    return sum(_queue(window) for window in windows if window.slot not in taken)


def _waiting() -> QuerySet[Notification]:
    return Notification.objects.filter(delivery=None, silence="", mode__in=(Mode.DAILY, Mode.WEEKLY))


def _ended_windows(now: datetime) -> Iterator[_Window]:
    """Yield the last window of each person in which something waits."""
    usual = MailHours()
    waiting = (
        _waiting()
        .filter(user__is_active=True)
        .values_list(
            "user_id",
            "mode",
            "user__timezone",
            Coalesce("user__mail_hours__digest_hour", usual.digest_hour),
            Coalesce("user__mail_hours__digest_weekday", usual.digest_weekday),
        )
        .annotate(oldest=Min("created_at"))
        .order_by("user_id", "mode")
    )
    for user_id, mode, zone, hour, weekday, oldest in waiting:
        day, end = latest(now, hour, zone_of(zone), weekday if mode == Mode.WEEKLY else None)
        if oldest < end:
            yield _Window(user_id, mode, day, end)


def _queue(window: _Window) -> int:
    with transaction.atomic():
        recipient = recipients([window.user_id]).get(window.user_id)
        if recipient is None or not take_slot(_JOB, window.slot):
            return 0
        waiting = _waiting().filter(user=window.user_id, mode=window.mode, created_at__lt=window.end)
        told = _drop_unwanted(recipient, list(waiting))
        if not told:
            return 0
        order = LetterOrder(DIGEST, window.user_id, window.occasion, after=recipient.delay(timezone.now()))
        delivery = queue_letters([order])[order.recipient, order.occasion]
        Notification.objects.filter(pk__in=told).update(delivery=delivery)
        return 1


def _drop_unwanted(recipient: Recipient, rows: list[Notification]) -> list[int]:
    """Note on each that no letter will tell of it where none may any more; return the ids of the others."""
    user_id = recipient.user.pk
    seen = set(
        notifications_seen_by(Actor(user_id)).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True)
    )
    modes = modes_of({_wish(row) for row in rows})
    reasons: dict[str, list[int]] = {Silence.UNSEEN: [], Silence.OFF: [], Silence.NO_ADDRESS: []}
    kept = []
    for row in rows:
        if row.pk not in seen:
            reasons[Silence.UNSEEN].append(row.pk)
        elif modes[_wish(row)] == Mode.OFF:
            reasons[Silence.OFF].append(row.pk)
        elif not recipient.has_address:
            reasons[Silence.NO_ADDRESS].append(row.pk)
        else:
            kept.append(row.pk)
    for reason, ids in reasons.items():
        if ids:
            Notification.objects.filter(pk__in=ids).update(silence=reason)
    return kept


def _wish(row: Notification) -> Wish:
    return Wish(row.user_id, row.project_id, row.kind)
