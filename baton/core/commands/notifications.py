"""Telling people of what happens, and what they do with what they are told.

None of it is a fact of history, so it leaves no event: who has been told what stands in the notifications, and whether
somebody has read it nobody else is to know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.utils import timezone

from baton.core.actor import SILENT_SURFACES, Actor
from baton.core.commands.mail_queue import LetterOrder
from baton.core.commands.telling import Telling, tell
from baton.core.errors import NotFound
from baton.core.events.change import Change, changes_of
from baton.core.models import Event, Notification
from baton.core.policies.audience import Told, audience_of

Plan = Callable[[Event], list[LetterOrder]]
"""A dialect's own letters about an event that came through it."""


def notify(events: Sequence[Event], plans: Mapping[str, Plan]) -> int:
    """Tell everybody whom these events concern, in the order of the log; return the number of letters written.

    `plans` has the dialects' own letters by surface; who gets one of them, gets no other for that change. An import
    tells nobody anything. The caller holds the cursor of the reaction, and wakes a worker after the commit.
    """
    news = [event for event in events if event.surface not in SILENT_SURFACES]
    changes = changes_of(news)
    planned = {change: _plan(change, plans[change.surface]) for change in changes if change.surface in plans}
    tellings = [_telling(told, planned) for told in audience_of(changes)]
    taken = {(telling.user_id, telling.occasion) for telling in tellings}
    others = [
        order
        for change, orders in planned.items()
        for order in orders
        if (order.recipient, change.occasion) not in taken
    ]
    return tell(tellings, others)


def read_notification(reader: Actor, notification_id: int, *, is_read: bool = True) -> Notification:
    """Note that the reader has read one of their notifications, or has not; twice is once. Raises NotFound."""
    notification = Notification.objects.filter(pk=notification_id, user=reader.person).first()
    if notification is None:
        raise NotFound
    if (notification.read_at is not None) is not is_read:
        notification.read_at = timezone.now() if is_read else None
        notification.save(update_fields=["read_at"])
    return notification


def read_all_notifications(reader: Actor, *, until: int | None = None) -> int:
    """Note that the reader has read all their notifications, up to the id `until` if given; return how many were not.

    With `until` what has come since the list was fetched stays unread.
    """
    unread = Notification.objects.filter(user=reader.person, read_at=None)
    if until is not None:
        unread = unread.filter(pk__lte=until)
    return unread.update(read_at=timezone.now())


def forget_notifications(before: datetime, limit: int = 1000) -> int:
    """Delete what people were told before a time, at most `limit` of it; return how much. Their letters stay."""
    old = Notification.objects.filter(created_at__lt=before).order_by("created_at").values_list("pk", flat=True)[:limit]
    return Notification.objects.filter(pk__in=list(old)).delete()[0]


def _plan(change: Change, plan: Plan) -> list[LetterOrder]:
    """Return the dialect's letters about a change, one to each recipient."""
    orders: dict[int, LetterOrder] = {}
    for event in change.events:
        for order in plan(event):
            orders.setdefault(order.recipient, order)
    return list(orders.values())


def _telling(told: Told, planned: Mapping[Change, list[LetterOrder]]) -> Telling:
    orders = planned.get(told.change, [])
    order = next((order for order in orders if order.recipient == told.user_id), None)
    return Telling(
        told.user_id,
        told.kind,
        told.change.occasion,
        told.project_id,
        told.change.task_id,
        told.change.first,
        # Watchers are known to Baton only, so they hear of it as of everything else.
        is_dialects=told.change in planned and not told.is_watching,
        order=order,
    )
