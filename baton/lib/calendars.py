"""Tasks as iCalendar (RFC 5545); the library escapes and folds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from icalendar import Calendar, Todo

# RFC 5545 knows four states of a to-do, and priorities from 1 (highest) to 9.
_STATUS = {"todo": "NEEDS-ACTION", "planned": "NEEDS-ACTION", "done": "COMPLETED"}
_PRIORITY = {"high": 1, "medium": 5, "low": 9}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Entry:
    """A task as a calendar shows it. `uid` stays the same for as long as the task lives."""

    uid: str
    title: str
    description: str
    status: str
    priority: str
    categories: Sequence[str]
    created_at: datetime
    updated_at: datetime
    due_at: datetime | None
    completed_at: datetime | None
    parent_uid: str | None = None


def write_calendar(out: IO[bytes], name: str, entries: Iterable[Entry]) -> None:
    """Write a calendar of to-dos, one after the other; the same entries give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Baton//Baton//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _printable(name))
    head, end, _ = calendar.to_ical().rpartition(b"END:VCALENDAR")
    out.write(head)
    for entry in entries:
        out.write(_todo(entry).to_ical())
    out.write(end + b"\r\n")


def _todo(entry: Entry) -> Todo:
    todo = Todo()
    todo.add("uid", entry.uid)
    todo.add("dtstamp", entry.updated_at)
    todo.add("created", entry.created_at)
    todo.add("last-modified", entry.updated_at)
    todo.add("summary", _printable(entry.title))
    todo.add("status", _STATUS.get(entry.status, "IN-PROCESS"))
    todo.add("priority", _PRIORITY[entry.priority])
    if entry.description:
        todo.add("description", _printable(entry.description))
    if entry.categories:
        todo.add("categories", [_printable(category) for category in entry.categories])
    if entry.due_at is not None:
        todo.add("due", entry.due_at)
    if entry.completed_at is not None:
        todo.add("completed", entry.completed_at)
    if entry.parent_uid is not None:
        todo.add("related-to", entry.parent_uid)
    return todo


def _printable(text: str) -> str:
    """Return text that a content line may hold: its own line breaks are escaped, other control characters none."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
