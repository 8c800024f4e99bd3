"""What belongs together in the log: a command may record several events about one task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from baton.core.models import Event

_Key = tuple[int | None, int | None, datetime, str]


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
    given = {event.pk for event in events}
    about_tasks = [event for event in events if event.task_id is not None]
    times = [event.at for event in about_tasks]
    siblings: list[Event] = []
    if times:
        tasks = {event.task_id for event in about_tasks}
        near = Event.objects.filter(task__in=tasks, at__gte=min(times), at__lte=max(times)).order_by("pk")
        siblings = list(near)
    together: dict[_Key, list[Event]] = {}
    for event in siblings:
        together.setdefault(_key(event), []).append(event)
    changes = []
    for event in events:
        whole = together.get(_key(event), [event]) if event.task_id is not None else [event]
        if whole[0].pk == event.pk and whole[0].pk in given:
            changes.append(Change(tuple(whole)))
    return changes


def _key(event: Event) -> _Key:
    return event.task_id, event.actor_id, event.at, event.surface
