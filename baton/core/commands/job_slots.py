"""Having an effect once, however many workers and schedulers there are. Bookkeeping, so it leaves no event."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.utils import timezone

from baton.core.models import JobSlot


def take_slot(job: str, slot: str) -> bool:
    """Return whether the caller is the one who does the job's work for this slot: False where somebody has done it.

    Belongs into the transaction of that work: a rollback gives the slot back with it. On PostgreSQL whoever asks for a
    slot that another transaction has just taken waits for its end, so that the work isn't lost where that one fails.
    """
    taken_at = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [job, slot, taken_at])
        return bool(cursor.rowcount)


def forget_slots(before: datetime) -> int:
    """Delete what was taken before then; return how many."""
    return JobSlot.objects.filter(taken_at__lt=before).delete()[0]


_TAKE = "INSERT INTO core_jobslot (job, slot, taken_at) VALUES (%s, %s, %s) ON CONFLICT (job, slot) DO NOTHING"
