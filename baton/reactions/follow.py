"""Reactions follow the event log, each by its own cursor (ADR 0007).

A reaction's batch and the move of its cursor are one transaction, so what it writes to the database it writes exactly
once per event, whatever crashes. What it does outside the database may be done again after a crash.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

import structlog
from django.db import transaction

from baton.core.events import log
from baton.core.events.log import Cursor
from baton.core.models import Event, ReactionCursor

logger = structlog.get_logger(__name__)


class Begins(Enum):
    """Where a reaction that is new to a database begins."""

    AT_START = "start"
    AT_END = "end"


@dataclass(frozen=True, slots=True)
class Reaction:
    """Something that is done about events.

    `handle` gets up to `batch` events in the order of the log, inside the transaction that moves the cursor; where it
    raises, nothing is written and the same events come again. `name` keeps the cursor: renaming begins anew.
    """

    name: str
    handle: Callable[[list[Event]], None]
    begins: Begins = Begins.AT_START
    batch: int = 100


_registry: dict[str, Reaction] = {}


def register(reactions: Iterable[Reaction]) -> None:
    """Make these the reactions that follow the log. Raises ValueError where two have one name."""
    listed = list(reactions)
    named = {reaction.name: reaction for reaction in listed}
    if len(named) < len(listed):
        raise ValueError("two reactions have one name, and so one cursor")
    _registry.clear()
    _registry.update(named)


def enter_all() -> None:
    """Enter each registered reaction that is new to this database, so that it misses nothing from now on."""
    for reaction in _registry.values():
        _place_of(reaction)


def follow_all() -> int:
    """Let every registered reaction catch up; return how many events were handled, each counted for each reaction.

    They take turns, batch by batch. One that raises is logged and left where it is; the others go on.
    """
    handled = 0
    behind = list(_registry.values())
    while behind:
        counts = [(reaction, _try(reaction)) for reaction in behind]
        handled += sum(count for _, count in counts)
        behind = [reaction for reaction, count in counts if count == reaction.batch]
    return handled


def follow(reaction: Reaction) -> int:
    """Hand the next batch to a reaction and move its cursor; return how many events it was.

    None of them where it has caught up, or where another process is at it. Raises what the handler raises.
    """
    if not log.is_behind(_place_of(reaction)):
        # Without a lock: on SQLite a look that finds nothing must not stop those who write.
        return 0
    with transaction.atomic():
        cursor = ReactionCursor.objects.select_for_update(skip_locked=True).filter(pk=reaction.name).first()
        if cursor is None:
            return 0
        events = log.read(Cursor(cursor.transaction, cursor.event_id), reaction.batch)
        if events:
            reaction.handle(events)
            cursor.transaction, cursor.event_id = events[-1].transaction, events[-1].pk
            cursor.save()
        return len(events)


def _try(reaction: Reaction) -> int:
    try:
        return follow(reaction)
    except Exception:  # any handler's fault, which must not stop the others
        logger.exception("reaction.failed", reaction=reaction.name)
        return 0


def _place_of(reaction: Reaction) -> Cursor:
    """Return how far the reaction is; a new one is entered where it begins."""
    places = ReactionCursor.objects.filter(pk=reaction.name).values_list("transaction", "event_id")
    found = places.first()
    if found is None:
        begins = log.START if reaction.begins is Begins.AT_START else log.end_of_log()
        row = ReactionCursor(name=reaction.name, transaction=begins.transaction, event_id=begins.event_id)
        # Another process may have entered it since: then its place holds.
        ReactionCursor.objects.bulk_create([row], ignore_conflicts=True)
        found = places.get()
    return Cursor(*found)
