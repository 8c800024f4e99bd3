"""Writing down which letters are due to whom, each once. What stands in them is decided when they are sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models.functions import Now
from django.utils import timezone

from baton.core.models import Delivery, Event
from baton.core.models.delivery import Channel, Pace
from baton.lib.ids import new_uuid


@dataclass(frozen=True, slots=True)
class LetterOrder:
    """A letter to be written: which, to which user, because of what, and after how long.

    Two orders with one recipient and one occasion are one letter.
    """

    letter: str
    recipient: int
    occasion: str
    event: Event | None = None
    project_id: int | None = None
    task_id: int | None = None
    pace: Pace = Pace.LETTER
    after: timedelta = timedelta()


def order_for_event(letter: str, recipient: int, event: Event, *, pace: Pace = Pace.LETTER) -> LetterOrder:
    """Return the order of a letter that follows from an event, to be written at once."""
    return LetterOrder(letter, recipient, f"event:{event.pk}", event, event.project_id, event.task_id, pace)


def queue_letters(orders: Iterable[LetterOrder]) -> dict[tuple[int, str], int]:
    """Write the deliveries of the letters but those that there are; return the ids of all, by recipient and occasion.

    The caller is in a transaction, and wakes a worker after its commit.
    """
    rows = [_make(order) for order in orders]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    occasions = {row.occasion for row in rows}
    found = Delivery.objects.filter(
        channel=Channel.MAIL, run=0, recipient__in={row.recipient for row in rows}, occasion__in=occasions
    )
    return {(row.recipient, row.occasion): row.pk for row in found.only("recipient", "occasion")}


def make_message_id() -> str:
    """Return a Message-ID that nobody else has (RFC 5322, section 3.6.4)."""
    return f"<{new_uuid()}@{urlsplit(settings.BATON_BASE_URL).hostname}>"


def _make(order: LetterOrder) -> Delivery:
    return Delivery(
        event=order.event,
        project_id=order.project_id,
        task_id=order.task_id,
        channel=Channel.MAIL,
        recipient=order.recipient,
        occasion=order.occasion,
        letter=order.letter,
        pace=order.pace,
        is_ordered=False,
        message_id=make_message_id(),
        # A sum is written more finely by SQLite, and so a moment later than the same time by itself.
        next_try_at=Now() + order.after if order.after else Now(),
        created_at=timezone.now(),
    )
