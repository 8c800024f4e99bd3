"""What an event changed, in its reader's words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from baton.core.models import Event, User
from baton.lib.compiled import Compiled
from baton.lib.statements import Param
from baton.reactions.letters.readers import Reader
from baton.reactions.letters.rendering import one_line

LONGEST_VALUE = 120
_PEOPLE = frozenset({"assigned_to", "assignees"})
_FIELDS_OF = {
    "task.moved": ("project",),
    "attachment.added": ("name",),
    "attachment.removed": ("name",),
    "attachment.restored": ("name",),
}
"""What is told of an event's changes, where that is not all that has a word."""


@dataclass(frozen=True, slots=True)
class Row:
    """A field and its value; `old` is empty where it had none, or nobody needs to know."""

    label: str
    old: str
    new: str


@dataclass(slots=True)
class Lookup:
    """What the numbers of events are called, as far as the reader sees it."""

    reader: Reader
    people: Mapping[int, str] = field(default_factory=dict)
    projects: Mapping[int, str] = field(default_factory=dict)
    tasks: Mapping[int, str] = field(default_factory=dict)

    def person(self, user_id: int | None) -> str:
        """Return who somebody is; the system has a name too."""
        words = self.reader.words
        return words.nobody if user_id is None else self.people.get(user_id, words.someone)


def look_up(reader: Reader, events: Iterable[Event], people: Iterable[int | None]) -> Lookup:
    """Return the names of all that the events and the list of people tell of, in a statement for each sort."""
    events = list(events)
    user_ids = {*_numbers(events, *_PEOPLE), *(person for person in people if person is not None)}
    names = _NAMES.rows((), {"users": list(user_ids)}) if user_ids else []
    tasks = reader.find_tasks(parents, ()) if (parents := _numbers(events, "parent")) else {}
    projects = reader.find_projects(moved) if (moved := _numbers(events, "project")) else {}
    return Lookup(
        reader,
        {pk: one_line(name or username, LONGEST_VALUE) for pk, name, username in names},
        {pk: project.name for pk, project in projects.items()},
        {pk: f"{task.project.key}-{task.number}" for pk, task in tasks.items()},
    )


def tell_changes(events: Iterable[Event], lookup: Lookup) -> list[Row]:
    """Return the changes of the events of one command, a row for each field that means something to people."""
    rows = {}
    for event in events:
        for name, old, new in fields_of(event):
            label = lookup.reader.words.fields.get(name)
            if label is not None and name in _FIELDS_OF.get(event.verb, (name,)):
                rows[name] = _row(label, name, old, new, lookup)
    if "assignees" in rows:
        rows.pop("assigned_to", None)
    return [row for row in rows.values() if row.old != row.new]


def fields_of(event: Event) -> list[tuple[str, Any, Any]]:
    """Return each field with its old and new value; what has another form, in an old log, is passed over."""
    if not isinstance(event.changes, dict):
        return []
    pairs = [(name, pair) for name, pair in event.changes.items() if isinstance(pair, list) and len(pair) == 2]
    return [(name, old, new) for name, (old, new) in pairs]


def _row(label: str, name: str, old: object, new: object, lookup: Lookup) -> Row:
    if name == "name":
        return Row(label, "", _show(name, new or old, lookup))  # the file, whether it comes or goes
    # Two long texts beside each other tell nobody what differs.
    tells_old = bool(old) and name != "description"
    return Row(label, _show(name, old, lookup) if tells_old else "", _show(name, new, lookup))


def _show(name: str, value: object, lookup: Lookup) -> str:
    """Return a value as people read it, on one line."""
    if value is None or value in ("", []):
        return lookup.reader.words.no_value
    if isinstance(value, list):
        return one_line(", ".join(_show(name, one, lookup) for one in value), LONGEST_VALUE)
    say = _SAYINGS.get((name, type(value)))
    return one_line(str(value) if say is None else say(value, lookup), LONGEST_VALUE)


def _moment(text: str, reader: Reader) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return reader.show_moment(moment) if moment.tzinfo else text


_SAYINGS: Mapping[tuple[str, type], Callable[[Any, Lookup], str]] = {
    ("status", str): lambda status, lookup: lookup.reader.words.statuses.get(status, status),
    ("priority", str): lambda priority, lookup: lookup.reader.words.priorities.get(priority, priority),
    ("due_date", str): lambda due, lookup: _moment(due, lookup.reader),
    ("assigned_to", int): lambda user, lookup: lookup.person(user),
    ("assignees", int): lambda user, lookup: lookup.person(user),
    ("project", int): lambda project, lookup: lookup.projects.get(project, lookup.reader.words.elsewhere),
    ("parent", int): lambda parent, lookup: lookup.tasks.get(parent, lookup.reader.words.other_task),
}
"""How a value is said that is more than its letters; by field and type, since old logs hold odd things."""


def _numbers(events: Iterable[Event], *names: str) -> set[int]:
    """Return the ids that stand in these fields."""
    values = [value for event in events for name, *pair in fields_of(event) if name in names for value in pair]
    flat = [one for value in values for one in (value if isinstance(value, list) else [value])]
    return {one for one in flat if type(one) is int and 0 < one < 2**63}


def _names(_: tuple[()]) -> QuerySet[User, tuple[int, str, str]]:
    return User.objects.filter(pk__any_of=Param("users")).values_list("pk", "name", "username")


_NAMES = Compiled(_names)
