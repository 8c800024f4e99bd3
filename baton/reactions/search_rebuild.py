"""Making the search's entries anew, a few at a time, so that nobody waits for it."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from baton.core.models import SearchEntry, Task
from baton.core.models.search import RECIPE
from baton.reactions.search_index import index_tasks

BATCH = 100
_FORGET = 2_000
_OUTDATED = 0  # no recipe has this number


def count_outdated() -> int:
    """Return how many tasks have no entry of the present recipe."""
    return _outdated().count()


def rebuild_next(*, after: int) -> list[int]:
    """Make the next entries that are missing or outdated, behind the task `after`; return their tasks' ids.

    None are left where it returns none. Nothing but the entries themselves remembers, so it can be stopped anywhere.
    """
    batch = list(_outdated().filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH])
    if batch:
        index_tasks(batch)
    return batch


def forget_all() -> None:
    """Declare every entry outdated; it is found until it is made anew."""
    last = 0
    while batch := list(_entries(after=last)):
        SearchEntry.objects.filter(pk__in=batch).update(recipe=_OUTDATED)
        last = batch[-1]


def _entries(*, after: int) -> QuerySet[SearchEntry, int]:
    entries = SearchEntry.objects.filter(pk__gt=after).order_by("pk")
    return entries.values_list("pk", flat=True)[:_FORGET]


def _outdated() -> QuerySet[Task]:
    """Return the tasks whose entry is missing or old, and those that should have none any more."""
    has_entry = Q(search_entry__isnull=False)
    return Task.objects.filter(
        Q(trashed_at=None) & (Q(search_entry=None) | ~Q(search_entry__recipe=RECIPE)) | ~Q(trashed_at=None) & has_entry
    )
