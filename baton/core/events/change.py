"""What belongs together in the log: a command may record several events about one task."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from baton.core.models import Event
from baton.lib.compiled_models import CompiledModels
from baton.lib.statements import Param


@dataclass(frozen=True, slots=True)
class Change:
    """What one command did to one task, in the order of the log; an event about no task is a change by itself."""

    events: tuple[Event, ...]

    @property
    def first(self) -> Event:
        """The event that the change is known by."""
        return self.events[0]

    @property
    def actor_id(self) -> int | None:
        """Who did it."""
        return self.first.actor_id

    @property
    def task_id(self) -> int | None:
        """The task that it is about."""
        return self.first.task_id

    @property
    def surface(self) -> str:
        """The way in that it came by."""
        return self.first.surface

    @property
    def occasion(self) -> str:
        """What tells it from every other change, wherever somebody is told of it."""
        return f"event:{self.first.pk}"


def changes_of(events: Sequence[Event]) -> list[Change]:
    """Return the changes that begin among these events, each whole, in the order of the log.

    A reader's batches may cut through a change: its other events are looked up, and whoever had its first one has had
    all of it. They were committed together, so whoever sees one sees them all.
    """
    about_tasks = [event for event in events if event.task_id is not None]
    alone = [Change((event,)) for event in events if event.task_id is None]
    given = {event.pk for event in events}
    begun = [change for change in _put_together(_with_siblings(about_tasks)) if change.first.pk in given]
    return sorted(alone + begun, key=lambda change: (change.first.transaction, change.first.pk))


def _with_siblings(events: Sequence[Event]) -> Iterable[Event]:
    """Return the events of these tasks from that time, in the order of the log."""
    if not events:
        return []
    times = [event.at for event in events]
    tasks = {event.task_id for event in events}
    return _BETWEEN.find((), {"tasks": list(tasks), "first": min(times), "last": max(times)})


def _put_together(events: Iterable[Event]) -> list[Change]:
    """Return the changes that the events make up. A command tells each verb once, so the same again is the next one."""
    commands: dict[Hashable, list[list[Event]]] = {}
    for event in events:
        key = (event.task_id, event.actor_id, event.at, event.transaction, event.surface, event.request_id)
        parts = commands.setdefault(key, [])
        if not parts or any(event.verb == other.verb for other in parts[-1]):
            parts.append([])
        parts[-1].append(event)
    return [Change(tuple(part)) for parts in commands.values() for part in parts]


def _between(_: tuple[()]) -> QuerySet[Event]:
    at = Event._meta.get_field("at")
    events = Event.objects.filter(task_id__any_of=Param("tasks"), at__gte=Param("first", at), at__lte=Param("last", at))
    return events.order_by("transaction", "pk")


_BETWEEN = CompiledModels(_between)
