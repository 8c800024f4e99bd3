"""Having an effect once, however many workers and schedulers there are. Bookkeeping, so it leaves no event."""

from __future__ import annotations

from collections.abc import Iterable
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


def taken_among(job: str, slots: Iterable[str]) -> set[str]:
    """Return which of the slots are taken: so that a tick needn't ask for each of them, which on SQLite is a write."""
    return set(JobSlot.objects.filter(job=job, slot__in=set(slots)).values_list("slot", flat=True))


def find_latest_slot(job: str, *, prefix: str = "", before: str | None = None) -> str | None:
    """Return the job's last slot in the order of their names, None where nothing has been done yet.

    Only of those that begin with `prefix`, and that come before `before` if given.
    """
    taken = JobSlot.objects.filter(job=job, slot__startswith=prefix)
    if before is not None:
        taken = taken.filter(slot__lt=before)
    return taken.order_by("-slot").values_list("slot", flat=True).first()


def forget_slots(before: datetime) -> int:
    """Delete what was taken before then; return how many."""
    return JobSlot.objects.filter(taken_at__lt=before).delete()[0]


_TAKE = "INSERT INTO core_jobslot (job, slot, taken_at) VALUES (%s, %s, %s) ON CONFLICT (job, slot) DO NOTHING"
