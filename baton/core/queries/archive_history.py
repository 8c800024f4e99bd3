"""A project's history for its archive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from django.db.models import Q, QuerySet

from baton.core.actor import IMPORT_SURFACE
from baton.core.events.facts.projects import HistoryImported
from baton.core.models import Event, Project, Task
from baton.core.queries import archive_shapes as shapes
from baton.core.queries.archive_people import People

_AT_ONCE = 500
_PEOPLE = frozenset({"assigned_to", "assignees", "owner", "user", "giver", "receiver", "author"})


def history_of(project: Project, people: People) -> Iterator[shapes.Fact]:
    """Yield what happened in the project and to the tasks that are in it, the oldest first.

    What came with an import is told as it was told there; the import itself is left out, so that exporting what was
    imported gives what was exported.
    """
    last = (0, 0)
    events = Event.objects.filter(project=project).order_by("transaction", "id")
    numbers = dict(Task.objects.filter(project=project, trashed_at=None).values_list("pk", "number"))
    while found := list(_behind(events, last)[:_AT_ONCE]):
        last = (found[-1].transaction, found[-1].pk)
        people.look_up({event.actor_id for event in found})
        for event in found:
            is_elsewhere = event.task_id is not None and event.task_id not in numbers
            is_import = event.surface == IMPORT_SURFACE and event.verb != HistoryImported.verb
            if not is_elsewhere and not is_import:
                yield _fact(event, people, numbers)


def _behind(events: QuerySet[Event], last: tuple[int, int]) -> QuerySet[Event]:
    transaction, pk = last
    return events.filter(Q(transaction__gt=transaction) | Q(transaction=transaction, pk__gt=pk))


def _fact(event: Event, people: People, numbers: dict[int, int]) -> shapes.Fact:
    task = numbers[event.task_id] if event.task_id is not None else None
    if event.verb == HistoryImported.verb:
        said = event.data
        actor = people.name(said["actor"]) if said["actor"] else None
        return shapes.Fact(
            verb=said["told"],
            task=task,
            actor=actor,
            at=said["at"],
            changes=_ordered(said["changes"]),
            details=_ordered(said["details"]),
        )
    changes = {
        field: [_named(field, old, people, numbers), _named(field, new, people, numbers)]
        for field, (old, new) in event.changes.items()
    }
    return shapes.Fact(
        verb=event.verb,
        task=task,
        actor=None if event.actor_id is None else people.ref(event.actor_id),
        at=msgspec.to_builtins(event.at),
        changes=_ordered(changes),
        details=_ordered({key: _named(key, value, people, numbers) for key, value in event.data.items()}),
    )


def _named(field: str, value: Any, people: People, numbers: dict[int, int]) -> Any:
    """Return people by their names and parents by their numbers: ids mean nothing elsewhere."""
    if field in _PEOPLE:
        if isinstance(value, list):
            return [people.ref(user) for user in value]
        return people.ref(value) if isinstance(value, int) else value
    return numbers.get(value) if field == "parent" and value is not None else value


def _ordered(value: Any) -> Any:
    """Return JSON with its keys in order, which a database may have lost."""
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value)}
    return [_ordered(item) for item in value] if isinstance(value, list) else value
