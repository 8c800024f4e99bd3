"""The log of a task: the original's Russian sentences, made of the event log."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

import msgspec

from baton.core.actor import Actor
from baton.core.events.facts.projects import HistoryImported
from baton.core.queries import shapes
from baton.core.queries.events import list_history
from baton.core.queries.keyset import Page
from baton.surfaces.dialects.taskapi.mapping import STATUS, show_completion, show_time

PAGE = 200
IMPORTED = HistoryImported.verb

Show = Callable[[Any], str | None]


def _show_due(moment: str | None) -> str | None:
    return None if moment is None else show_completion(msgspec.convert(moment, datetime))


# In the order in which one change of several fields is told.
FIELDS: Mapping[str, tuple[str, Show]] = {
    "title": ("name", str),
    "description": ("description", str),
    "status": ("status", STATUS.show),
    "due_date": ("completion_at", _show_due),
}


def list_log(actor: Actor, task_id: int) -> list[dict[str, str]]:
    """Return every change of what this dialect shows of the task, the oldest first. Raises NotFound, DeadCredential.

    What one command changed has one time, whichever events it recorded. What was brought along from the original is
    told as it was told there.
    """
    events = (event for event in _events(actor, task_id) if event.verb != "task.created")
    return [
        entry
        for (verb, at, _), together in groupby(events, key=_belonging)
        for entry in (_told_before(together) if verb == IMPORTED else _told(at, list(together)))
    ]


def _events(actor: Actor, task_id: int) -> Iterator[shapes.Event]:
    start = None
    while True:
        found = list_history(actor, task_id, "cursor", Page(PAGE, start))
        yield from found.items
        start = found.next_keys
        if start is None:
            return


def _belonging(event: shapes.Event) -> tuple[str, datetime, str]:
    return (IMPORTED if event.verb == IMPORTED else "", event.at, event.request_id)


def _told(at: datetime, events: list[shapes.Event]) -> Iterator[dict[str, str]]:
    for sentence in _sentences(events):
        yield {"date": show_time(at), "log": sentence}


def _told_before(events: Iterable[shapes.Event]) -> Iterator[dict[str, str]]:
    for event in events:
        fact = msgspec.convert(json.loads(bytes(event.data)), HistoryImported)
        if "said" in fact.details:
            yield {"date": show_time(datetime.fromisoformat(fact.at)), "log": fact.details["said"]}


def _sentences(events: list[shapes.Event]) -> Iterator[str]:
    changes: dict[str, list[Any]] = {}
    for event in events:
        changes |= json.loads(bytes(event.changes))
    for field, (name, show) in FIELDS.items():
        if field in changes:
            old, new = (show(value) for value in changes[field])
            # From one state to another that is called the same here, nothing has happened.
            if old != new:
                yield f"Значение поля {name} изменено на {new}"
