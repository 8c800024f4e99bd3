"""The product's own bookkeeping, and how its jobs are doing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from baton.core.events.log import Cursor, read
from baton.core.models import (
    Guess,
    IdempotencyKey,
    JobRun,
    JobSlot,
    LogEra,
    OldId,
    Origin,
    ReactionCursor,
    SearchEntry,
    SearchTrigram,
    SearchWord,
    StreamTicket,
    Tally,
)
from baton.lib import heartbeat
from baton.surfaces.admin.through_commands import ReadOnlyAdmin

COUNTED = 1000
"""Further behind than this, nobody needs the exact number."""
SILENCE = timedelta(minutes=3)
"""Some job runs every second and is noted every minute; where none is for so long, no worker or scheduler runs."""


@admin.register(ReactionCursor)
class ReactionCursorAdmin(ReadOnlyAdmin):
    """How far each reaction has followed the log, and what runs by the clock with its last run."""

    change_list_template = "baton_admin/jobs.html"
    list_display = ("name", "place", "moved_at", "behind", "seconds_behind")
    search_fields = ("name",)
    ordering = ("name",)

    def place(self, cursor: ReactionCursor) -> str:
        """Return the place in the log."""
        return f"{cursor.transaction}-{cursor.event_id}"

    @admin.display(description="events behind")
    def behind(self, cursor: ReactionCursor) -> str:
        """Return how many events it has still to see."""
        number = len(read(Cursor(cursor.transaction, cursor.event_id), COUNTED))
        return f"{COUNTED} or more" if number == COUNTED else str(number)

    @admin.display(description="seconds behind")
    def seconds_behind(self, cursor: ReactionCursor) -> int:
        """Return the age of the oldest event it hasn't seen."""
        waiting = read(Cursor(cursor.transaction, cursor.event_id), 1)
        return int((timezone.now() - waiting[0].at).total_seconds()) if waiting else 0

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:  # type: ignore[override]
        """Add the schedule with how each job went last, whichever process it ran in."""
        runs = JobRun.objects.in_bulk()
        missing = set(heartbeat.list_missing())
        threads = [(name, name not in missing) for name in heartbeat.list_expected()]
        context = {"title": "Jobs", "jobs": _list_jobs(runs), "threads": threads, "silent_since": _silent_since(runs)}
        return super().changelist_view(request, {**context, **(extra_context or {})})


def _list_jobs(runs: Mapping[str, JobRun]) -> list[dict[str, Any]]:
    """Return the schedule as the page shows it; a job that has never run is due when the scheduler starts."""
    # Celery takes longer to import than everything else this page needs.
    from baton.schedule import find_next, make_schedule, tell

    listed = []
    for name, entry in sorted(make_schedule().items()):
        run = runs.get(entry["task"])
        next_at = find_next(entry["schedule"], run.started_at) if run else None
        listed.append(
            {"name": name, "job": entry["task"], "when": tell(entry["schedule"]), "run": run, "next_at": next_at}
        )
    return listed


def _silent_since(runs: Mapping[str, JobRun]) -> datetime | None:
    """Return when the last job began, where that is so long ago that nothing can be running them."""
    last = max((run.started_at for run in runs.values()), default=None)
    return last if last and timezone.now() - last > SILENCE else None


@admin.register(JobRun)
class JobRunAdmin(ReadOnlyAdmin):
    """How each job's last run went; one that runs every few seconds is noted once a minute."""

    list_display = ("name", "went_well", "result", "problem", "started_at", "seconds")
    list_filter = (("problem", admin.EmptyFieldListFilter), "started_at")
    search_fields = ("name", "result", "problem")
    ordering = ("name",)

    @admin.display(description="took")
    def seconds(self, run: JobRun) -> str:
        """Return how long it ran."""
        return f"{run.took.total_seconds():.2f} s"

    @admin.display(boolean=True)
    def went_well(self, run: JobRun) -> bool:
        """Did nothing go wrong?"""
        return not run.problem


@admin.register(JobSlot)
class JobSlotAdmin(ReadOnlyAdmin):
    """What jobs have done once for a day, a person or the like, and won't do again."""

    list_display = ("job", "slot", "taken_at")
    list_filter = ("job", "taken_at")
    search_fields = ("job", "slot")
    ordering = ("-id",)


@admin.register(IdempotencyKey)
class IdempotencyKeyAdmin(ReadOnlyAdmin):
    """Answers kept for clients that ask again; their bodies stay private."""

    exclude = ("body", "headers")
    list_display = ("key", "user", "status", "created_at")
    list_filter = ("status", "created_at")
    search_fields = ("key", "user__username")
    list_select_related = ("user",)
    ordering = ("-id",)


@admin.register(Guess)
class GuessAdmin(ReadOnlyAdmin):
    """Wrong guesses of passwords."""

    list_display = ("bucket", "count", "resets_at")
    list_filter = ("resets_at",)
    search_fields = ("bucket",)
    ordering = ("-resets_at",)


@admin.register(StreamTicket)
class StreamTicketAdmin(ReadOnlyAdmin):
    """Tickets for the live stream that nobody has used yet."""

    list_display = ("id", "user", "expires_at")
    list_filter = ("expires_at",)
    search_fields = ("user__username",)
    list_select_related = ("user",)
    ordering = ("-id",)


@admin.register(LogEra)
class LogEraAdmin(ReadOnlyAdmin):
    """The era of the event log."""

    list_display = ("id", "era")
    ordering = ("id",)


@admin.register(Tally)
class TallyAdmin(ReadOnlyAdmin):
    """The ledger of how many tasks there are."""

    list_display = ("id", "project", "status", "priority", "is_unassigned", "difference")
    list_filter = ("status", "priority", "is_unassigned")
    search_fields = ("project__key", "project__name")
    list_select_related = ("project",)
    ordering = ("-id",)


@admin.register(Origin)
class OriginAdmin(ReadOnlyAdmin):
    """What archives said of imported things that this server could not take over."""

    list_display = ("id", "kind", "thing")
    list_filter = ("kind",)
    search_fields = ("=thing",)
    ordering = ("-id",)


@admin.register(OldId)
class OldIdAdmin(ReadOnlyAdmin):
    """What imported things were called in the systems they came from."""

    list_display = ("source", "kind", "old_id", "thing")
    list_filter = ("source", "kind")
    search_fields = ("=old_id", "=thing")
    ordering = ("-id",)


@admin.register(SearchEntry)
class SearchEntryAdmin(ReadOnlyAdmin):
    """The words of each task, as search finds them."""

    list_display = ("task", "recipe")
    list_filter = ("recipe",)
    search_fields = ("task__title",)
    list_select_related = ("task",)
    ordering = ("-task_id",)


@admin.register(SearchWord)
class SearchWordAdmin(ReadOnlyAdmin):
    """The stems that stand in some task."""

    list_display = ("word",)
    search_fields = ("word",)
    ordering = ("-id",)


@admin.register(SearchTrigram)
class SearchTrigramAdmin(ReadOnlyAdmin):
    """Their trigrams, by which misspelt words are found."""

    list_display = ("trigram", "word")
    search_fields = ("=trigram", "word__word")
    list_select_related = ("word",)
    ordering = ("-id",)
