"""Keeping count of tasks by kind, so that statistics count nothing (`Tally`)."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from django.db import transaction
from django.db.models import BooleanField, Count, ExpressionWrapper, Q, Sum
from django.db.models.functions import Coalesce

from baton.core.models import Tally, Task
from baton.lib.unit_of_work import insert, present_unit

_COLUMNS = ("project_id", "status", "priority", "is_unassigned")


class Kind(NamedTuple):
    """What a task counts as."""

    project_id: int
    status: str
    priority: int
    is_unassigned: bool


def kind_of(task: Task) -> Kind | None:
    """Return what the task counts as; in the trash it doesn't count."""
    if task.trashed_at is not None:
        return None
    return Kind(task.project_id, task.status, task.priority, task.lead_id is None)


def recount(before: Kind | None, after: Kind | None) -> None:
    """Enter into the ledger that one task counts as something else now, in the transaction of its change."""
    if before == after:
        return
    unit = present_unit()
    for kind, difference in ((before, -1), (after, 1)):
        if kind is None:
            continue
        if unit is None:
            insert(Tally(**kind._asdict(), difference=difference))
        else:
            unit.insert(_same_entry(kind, difference))


@lru_cache(maxsize=1000)
def _same_entry(kind: Kind, difference: int) -> Tally:
    """Return an entry that a unit of work may hold back any number of times: it adds them up, and gives none an id."""
    return Tally(**kind._asdict(), difference=difference)


def compact_tallies(limit: int = 10_000) -> int:
    """Add up old entries of the ledger into one for each kind; return how many were replaced.

    Readers see either the old entries or their sum, since both change in one transaction.
    """
    with transaction.atomic():
        entries = Tally.objects.select_for_update(skip_locked=True).order_by("id")[:limit]
        rows = list(entries.values_list("id", "difference", *_COLUMNS))
        sums: Counter[Kind] = Counter()
        for _, difference, *kind in rows:
            sums[Kind(*kind)] += difference
        if len(rows) <= len(sums):
            return 0
        Tally.objects.filter(pk__in=[row[0] for row in rows]).delete()
        Tally.objects.bulk_create(
            Tally(**kind._asdict(), difference=difference) for kind, difference in sums.items() if difference
        )
        return len(rows)


def correct_tallies() -> int:
    """Compare the ledger with the tasks and enter what differs; return how many kinds were wrong.

    For data that came in past the commands. Runs in a transaction that sees one state of the database, so whatever is
    written meanwhile changes both sides alike.
    """
    with transaction.atomic():
        differences = Counter(_count_tasks())
        differences.subtract(_sum_tallies())
        wrong = {kind: difference for kind, difference in differences.items() if difference}
        Tally.objects.bulk_create(Tally(**kind._asdict(), difference=difference) for kind, difference in wrong.items())
        return len(wrong)


def _count_tasks() -> dict[Kind, int]:
    rows = (
        Task.objects.filter(trashed_at=None)
        .order_by()
        .annotate(is_unassigned=ExpressionWrapper(Q(lead=None), BooleanField()))
        .values_list(*_COLUMNS)
        .annotate(count=Count("pk"))
    )
    return {Kind(*kind): count for *kind, count in rows}


def _sum_tallies() -> dict[Kind, int]:
    rows = Tally.objects.order_by().values_list(*_COLUMNS).annotate(sum=Coalesce(Sum("difference"), 0))
    return {Kind(*kind): total for *kind, total in rows}
