"""How far the reactions are behind the event log."""

from __future__ import annotations

from django.utils import timezone

from baton.core.events.log import Cursor, read
from baton.core.models import ReactionCursor


def count_seconds_behind() -> float:
    """Return the age of the oldest event that some reaction hasn't seen, 0 where all have seen everything."""
    now = timezone.now()
    waiting = [
        event.at
        for transaction, event_id in ReactionCursor.objects.values_list("transaction", "event_id")
        for event in read(Cursor(transaction, event_id), 1)
    ]
    return max([0.0, *((now - at).total_seconds() for at in waiting)])
