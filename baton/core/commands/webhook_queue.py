"""Writing down which events are to go to which webhooks, each once.

The reaction to the log does it for all webhooks that are abreast of it. One that is not has its own place in the log
and catches up by itself. A webhook changes between the two only under the lock of the reaction's cursor, so no event is
passed over or written twice on the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Count, Q
from django.db.models.functions import Now
from django.utils import timezone

from baton.core.events import log
from baton.core.events.log import Cursor
from baton.core.models import Delivery, Event, ReactionCursor, Webhook
from baton.core.models.delivery import UNFINISHED, Channel, Pace
from baton.core.policies.webhooks import events_for

REACTION = "webhooks"
"""The reaction whose cursor is where all webhooks are that have no place of their own."""
LONGEST_QUEUE = 100
"""So many deliveries of a webhook wait in the table; what is behind them waits in the log."""


def lock_place() -> Cursor:
    """Return the place up to which deliveries have been written, and hold it until the commit."""
    cursors = ReactionCursor.objects.select_for_update().filter(pk=REACTION)
    found = cursors.first()
    if found is None:
        # Nothing has followed the log yet: as `follow` does, begin at its end.
        end = log.end_of_log()
        row = ReactionCursor(name=REACTION, transaction=end.transaction, event_id=end.event_id)
        ReactionCursor.objects.bulk_create([row], ignore_conflicts=True)
        found = cursors.get()
    return Cursor(found.transaction, found.event_id)


def queue_events(events: Sequence[Event]) -> int:
    """Write the deliveries of some events, in the order of the log; return how many.

    The caller holds the reaction's cursor, which has not moved over them yet. A webhook whose queue is too full for
    them is left behind.
    """
    projects = {event.project_id for event in events if event.project_id is not None}
    concerned = Q(project__in=projects) | Q(project=None)
    hooks = list(Webhook.objects.filter(concerned, paused_at=None, behind_event=None).order_by("pk"))
    rooms = _rooms(hooks) if hooks else {}
    written = 0
    for hook in hooks:
        wanted = _choose(hook, events)
        if len(wanted) <= rooms[hook.pk]:
            written += _write(hook, wanted)
        else:
            place = ReactionCursor.objects.get(pk=REACTION)
            fall_behind(hook, Cursor(place.transaction, place.event_id))
    return written


def catch_up() -> int:
    """Let each webhook that is behind catch up by as much as its queue has room for; return how many were written."""
    behind = Webhook.objects.filter(paused_at=None, behind_event__isnull=False).order_by("pk")
    return sum(_catch_up_one(pk) for pk in behind.values_list("pk", flat=True))


def fall_behind(hook: Webhook, after: Cursor | None) -> None:
    """Give the webhook a place of its own in the log, or let it go with the others (None)."""
    hook.behind_transaction, hook.behind_event = after or (None, None)
    Webhook.objects.filter(pk=hook.pk).update(
        behind_transaction=hook.behind_transaction, behind_event=hook.behind_event
    )


def _catch_up_one(hook_id: int) -> int:
    with transaction.atomic():
        place = lock_place()
        hook = Webhook.objects.select_for_update(no_key=True).filter(pk=hook_id, paused_at=None).first()
        if hook is None or hook.behind_transaction is None or hook.behind_event is None:
            return 0
        after = Cursor(hook.behind_transaction, hook.behind_event)
        room = _rooms([hook])[hook.pk]
        if after > place or room == 0:
            return 0
        missed = log.in_order(events_for(hook).filter(log.after(*after), log.up_to(*place)))
        events = list(missed[:room])
        _write(hook, events)
        last = events[-1] if len(events) == room else None
        fall_behind(hook, Cursor(last.transaction, last.pk) if last else None)
        return len(events)


def _rooms(hooks: Iterable[Webhook]) -> dict[int, int]:
    """Return how many more deliveries each webhook's queue takes."""
    ids = [hook.pk for hook in hooks]
    counts = (
        Delivery.objects.filter(channel=Channel.WEBHOOK, recipient__in=ids, state__in=UNFINISHED)
        .values_list("recipient")
        .annotate(number=Count("pk"))
    )
    taken = dict(counts)
    return {pk: max(0, LONGEST_QUEUE - taken.get(pk, 0)) for pk in ids}


def _choose(hook: Webhook, events: Sequence[Event]) -> list[Event]:
    """Return those of the events that the webhook is there for; without asking the database where it needn't."""
    likely = [
        event
        for event in events
        if (hook.project_id in (None, event.project_id)) and (not hook.verbs or event.verb in hook.verbs)
    ]
    if not likely:
        return []
    wanted = set(events_for(hook).filter(pk__in=[event.pk for event in likely]).values_list("pk", flat=True))
    return [event for event in likely if event.pk in wanted]


def _write(hook: Webhook, events: Sequence[Event]) -> int:
    return len(Delivery.objects.bulk_create([make_delivery(hook, event) for event in events], ignore_conflicts=True))


def make_delivery(hook: Webhook, event: Event, *, is_ordered: bool = True) -> Delivery:
    """Return the row of an event's delivery to a webhook, due at once."""
    return Delivery(
        event=event,
        project_id=event.project_id,
        task_id=event.task_id,
        channel=Channel.WEBHOOK,
        recipient=hook.pk,
        occasion=f"event:{event.pk}",
        run=hook.run,
        pace=Pace.WEBHOOK,
        is_ordered=is_ordered,
        # By the event, not by the delivery: a replay says the same again, and the receiver knows it.
        message_id=f"evt_{event.pk}",
        next_try_at=Now(),
        created_at=timezone.now(),
    )
