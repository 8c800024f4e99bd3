"""What the notifications of a letter tell its reader, as far as it still holds and they still see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC

from django.db.models import QuerySet

from baton.core.commands.reminders import REMINDED_IN, occasion_of
from baton.core.events.change import changes_of
from baton.core.models import Comment, Delivery, Event, Notification, Project, Task
from baton.core.models.notification import Kind, Mode
from baton.core.models.task import Priority
from baton.core.policies.mail_modes import Wish, modes_of
from baton.core.policies.visibility import events_seen_by, viewer_values
from baton.core.queries.shapes import Person
from baton.core.queries.task_rows import assignees_of
from baton.lib.compiled import Compiled
from baton.lib.compiled_models import CompiledModels
from baton.lib.statements import Param
from baton.reactions.letters.changes import Lookup, Row, fields_of, look_up, tell_changes
from baton.reactions.letters.composing import Unsent
from baton.reactions.letters.links import task_link
from baton.reactions.letters.readers import Reader
from baton.reactions.letters.rendering import cut, one_line

LONGEST_QUOTE = 2000
LONGEST_TITLE = 200

NOTHING = Unsent("What it was about is gone.")
UNSEEN = Unsent("They do not see the task any more.")
NOT_THEIRS = Unsent("They do not work on the task any more.")
NOT_DUE = Unsent("The task is done, or has another due date or none.")
OFF_BY_NOW = Unsent("They have switched such letters off since.")
COMMENT_GONE = Unsent("The comment is gone.")

_THEIRS = frozenset({Kind.ASSIGNED, Kind.DELEGATED, *REMINDED_IN})
_SHOWN_WHOLE = _THEIRS | {Kind.CREATED}
_COMMENTED = "comment.added"
_TRASHED = "task.trashed"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that its reader is told."""

    who: str
    sentence: str
    rows: Sequence[Row]
    quote: str
    at: str

    @property
    def quoted(self) -> list[str]:
        """The quote's lines."""
        return self.quote.splitlines()


@dataclass(frozen=True, slots=True)
class TaskShown:
    """A task as letters show it; `due` by the reader's clock, `due_exactly` as a contract has it."""

    id: int
    key: str
    title: str
    project: str
    url: str
    due: str
    due_exactly: str


@dataclass(frozen=True, slots=True)
class Told:
    """A notification that holds: the task it is about, or only the project, and what to say of it."""

    notification: Notification
    task: Task | None
    project: Project
    item: Item


@dataclass(frozen=True, slots=True)
class _Known:
    """All that the notifications need, looked up at once."""

    reader: Reader
    changes: Mapping[int, Sequence[Event]]
    comments: Mapping[int, Comment]
    tasks: Mapping[int, Task]
    people: Mapping[int, Sequence[Person]]
    projects: Mapping[int, Project]
    modes: Mapping[Wish, str]
    lookup: Lookup


def tell(delivery: Delivery, reader: Reader) -> list[Told | Unsent]:
    """Return for each notification of the letter what it tells the reader now, or why it tells nothing any more."""
    notifications = _NOTIFICATIONS.find((), {"delivery": delivery.pk})
    known = _look_up(notifications, reader)
    return [_tell(notification, known) for notification in notifications]


def show_task(task: Task, reader: Reader) -> TaskShown:
    """Return a task as a letter to the reader shows it."""
    due = task.due_at
    return TaskShown(
        task.pk,
        f"{task.project.key}-{task.number}",
        one_line(task.title, LONGEST_TITLE),
        one_line(task.project.name, LONGEST_TITLE),
        task_link(task.pk),
        reader.show_moment(due) if due else reader.words.no_value,
        str(due.astimezone(UTC) if due else None),
    )


def _look_up(notifications: Sequence[Notification], reader: Reader) -> _Known:
    changes = _changes_of(notifications, reader)
    events = [event for change in changes.values() for event in change]
    trashed = {one.task_id for one in notifications if any(event.verb == _TRASHED for event in changes[one.pk])}
    tasks = reader.find_tasks((one.task_id for one in notifications if one.task_id), (pk for pk in trashed if pk))
    actors = [one.actor_id for one in notifications]
    return _Known(
        reader,
        changes,
        Comment.objects.in_bulk([number for event in events if (number := _number_in(event, "comment"))]),
        tasks,
        assignees_of(tasks),
        reader.find_projects(one.project_id for one in notifications if one.project_id and not one.task_id),
        modes_of(_wish(one) for one in notifications),
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


def _wish(notification: Notification) -> Wish:
    return Wish(notification.user_id, notification.project_id, notification.kind)


def _tell(notification: Notification, known: _Known) -> Told | Unsent:
    if known.modes[_wish(notification)] == Mode.OFF:
        return OFF_BY_NOW
    events = known.changes[notification.pk]
    if notification.event_id and not events:
        return UNSEEN
    if notification.task_id is None:
        project = known.projects.get(notification.project_id or 0)
        return UNSEEN if project is None else Told(notification, None, project, _item(notification, None, known))
    task = known.tasks.get(notification.task_id)
    if task is None:
        return UNSEEN
    over = _reason_against(notification, task, known)
    return over or Told(notification, task, task.project, _item(notification, task, known))


def _reason_against(notification: Notification, task: Task, known: _Known) -> Unsent | None:
    """Return why nobody needs to be told any more; None where they do."""
    if notification.kind in _THEIRS and known.reader.user.pk not in {person.id for person in known.people[task.pk]}:
        return NOT_THEIRS
    if notification.kind in REMINDED_IN and not _is_still_due(notification, task):
        return NOT_DUE
    commented = [event for event in known.changes[notification.pk] if event.verb == _COMMENTED]
    if commented and not any(_number_in(event, "comment") in known.comments for event in commented):
        return COMMENT_GONE
    return None


def _is_still_due(reminder: Notification, task: Task) -> bool:
    """Does the task still have the due date of the reminder, and something left to do?"""
    if task.due_at is None or task.status not in REMINDED_IN[Kind(reminder.kind)]:
        return False
    return reminder.occasion == occasion_of(reminder.kind, task.pk, task.due_at)


def _item(notification: Notification, task: Task | None, known: _Known) -> Item:
    events = known.changes[notification.pk]
    # Nobody does what the clock does.
    who = known.lookup.person(notification.actor_id)
    if notification.kind == Kind.MENTIONED or task is None:
        rows = []
    elif notification.kind in _SHOWN_WHOLE:
        rows = _rows_of(task, known)
    else:
        rows = tell_changes(events, known.lookup)
    sentence = _sentence(notification, events, known).format(who=who)
    quote = _quote(notification, events, known)
    return Item(
        who, sentence, rows, cut(quote.strip(), LONGEST_QUOTE), known.reader.show_moment(notification.created_at)
    )


def _sentence(notification: Notification, events: Sequence[Event], known: _Known) -> str:
    words = known.reader.words
    if notification.kind in words.to_you:
        return words.to_you[notification.kind]
    verbs = {event.verb for event in events}
    return words.sentences.get(verbs.pop(), words.changed) if len(verbs) == 1 else words.changed


def _rows_of(task: Task, known: _Known) -> list[Row]:
    """Return what there is to know of a task."""
    reader, words = known.reader, known.reader.words
    people = [person.name or person.username for person in known.people[task.pk]]
    rows = [
        ("status", words.statuses[task.status]),
        ("priority", words.priorities[Priority(task.priority).name.lower()]),
        ("due_date", reader.show_moment(task.due_at) if task.due_at else ""),
        ("assignees", one_line(", ".join(people), LONGEST_TITLE)),
    ]
    return [Row(words.fields[name], "", value) for name, value in rows if value]


def _quote(notification: Notification, events: Sequence[Event], known: _Known) -> str:
    """Return the words that came with the change."""
    for event in events:
        comment = known.comments.get(_number_in(event, "comment"))
        if comment is not None:
            return comment.text
        if isinstance(note := event.data.get("note") if isinstance(event.data, dict) else None, str) and note:
            return note
        if event.verb == "task.created" or notification.kind == Kind.MENTIONED:
            return next((str(new or "") for name, _, new in fields_of(event) if name == "description"), "")
    return ""


def _number_in(event: Event, name: str) -> int:
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
