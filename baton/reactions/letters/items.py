"""One thing that a letter tells: its sentence, what changed, and the words that came with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC

from baton.core.commands.reminders import REMINDED_IN
from baton.core.models import Event, Notification, Task
from baton.core.models.notification import Kind
from baton.core.models.task import Priority
from baton.reactions.letters.changes import Row, fields_of, tell_changes
from baton.reactions.letters.known import Known, number_in
from baton.reactions.letters.links import task_link
from baton.reactions.letters.readers import Reader
from baton.reactions.letters.rendering import cut, one_line

LONGEST_QUOTE = 2000
LONGEST_TITLE = 200

THEIRS = frozenset({Kind.ASSIGNED, Kind.DELEGATED, *REMINDED_IN})
"""What is told to those who work on the task, as long as they do."""
_SHOWN_WHOLE = THEIRS | {Kind.CREATED}


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


def item_of(notification: Notification, task: Task | None, known: Known) -> Item:
    """Return what a letter says of a notification, of the task as it is now."""
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


def _sentence(notification: Notification, events: Sequence[Event], known: Known) -> str:
    words = known.reader.words
    if notification.kind in words.to_you:
        return words.to_you[notification.kind]
    verbs = {event.verb for event in events}
    return words.sentences.get(verbs.pop(), words.changed) if len(verbs) == 1 else words.changed


def _rows_of(task: Task, known: Known) -> list[Row]:
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


def _quote(notification: Notification, events: Sequence[Event], known: Known) -> str:
    """Return the words that came with the change."""
    for event in events:
        comment = known.comments.get(number_in(event, "comment"))
        if comment is not None:
            return comment.text
        if isinstance(note := event.data.get("note") if isinstance(event.data, dict) else None, str) and note:
            return note
        if event.verb == "task.created" or notification.kind == Kind.MENTIONED:
            return next((str(new or "") for name, _, new in fields_of(event) if name == "description"), "")
    return ""
