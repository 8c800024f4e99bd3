"""All that the notifications of a letter need to be told, looked up at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from baton.core.events.change import changes_of
from baton.core.models import Comment, Delivery, Event, Notification, Project, Task
from baton.core.policies.mail_modes import Wish, modes_of
from baton.core.policies.visibility import events_seen_by, viewer_values
from baton.core.queries.shapes import Person
from baton.core.queries.task_rows import assignees_of
from baton.lib.compiled import Compiled
from baton.lib.compiled_models import CompiledModels
from baton.lib.statements import Param
from baton.reactions.letters.changes import Lookup, look_up
from baton.reactions.letters.readers import Reader

_TRASHED = "task.trashed"


@dataclass(frozen=True, slots=True)
class Known:
    """What telling the reader of the notifications needs; changes and people by the notification's and task's id."""

    reader: Reader
    changes: Mapping[int, Sequence[Event]]
    comments: Mapping[int, Comment]
    tasks: Mapping[int, Task]
    people: Mapping[int, Sequence[Person]]
    projects: Mapping[int, Project]
    modes: Mapping[Wish, str]
    lookup: Lookup


def notifications_of(delivery: Delivery) -> list[Notification]:
    """Return what a letter is to tell, the oldest first, each with its event."""
    return _NOTIFICATIONS.find((), {"delivery": delivery.pk})


def look_up_known(notifications: Sequence[Notification], reader: Reader) -> Known:
    """Return what telling a reader of the notifications needs, as far as the reader sees it."""
    changes = _changes_of(notifications, reader)
    events = [event for change in changes.values() for event in change]
    trashed = {one.task_id for one in notifications if any(event.verb == _TRASHED for event in changes[one.pk])}
    tasks = reader.find_tasks((one.task_id for one in notifications if one.task_id), (pk for pk in trashed if pk))
    actors = [one.actor_id for one in notifications]
    return Known(
        reader,
        changes,
        Comment.objects.in_bulk([number for event in events if (number := number_in(event, "comment"))]),
        tasks,
        assignees_of(tasks),
        reader.find_projects(one.project_id for one in notifications if one.project_id and not one.task_id),
        modes_of(wish_of(one) for one in notifications),
        look_up(reader, events, actors),
    )


def _changes_of(notifications: Sequence[Notification], reader: Reader) -> dict[int, Sequence[Event]]:
    """Return for each notification the events of its change that the reader sees."""
    firsts = [one.event for one in notifications if one.event]
    changes = {change.first.pk: change.events for change in changes_of(firsts)}
    ids = [event.pk for events in changes.values() for event in events]
    seen = {pk for (pk,) in _SEEN.rows((), {**viewer_values(reader.eyes), "events": ids})} if ids else set()
    return {
        one.pk: [event for event in changes.get(one.event_id or 0, ()) if event.pk in seen] for one in notifications
    }


def wish_of(notification: Notification) -> Wish:
    """Return by what their reader has chosen how to be told of such things."""
    return Wish(notification.user_id, notification.project_id, notification.kind)


def number_in(event: Event, name: str) -> int:
    """Return an id in the event's data; 0 where there is none."""
    value = event.data.get(name) if isinstance(event.data, dict) else None
    return value if type(value) is int and 0 < value < 2**63 else 0


def _notifications(_: tuple[()]) -> QuerySet[Notification]:
    told = Notification.objects.filter(delivery=Param("delivery")).select_related("event")
    return told.order_by("created_at", "pk")


def _seen(_: tuple[()]) -> QuerySet[Event, tuple[int]]:
    return events_seen_by(Param("viewer")).filter(pk__any_of=Param("events")).values_list("pk")


_NOTIFICATIONS = CompiledModels(_notifications)
_SEEN = Compiled(_seen)
