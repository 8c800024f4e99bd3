"""Writing an event down: the one way in, for commands only (an import contract says so)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.db import DEFAULT_DB_ALIAS, connections

from baton.adapters.bus.announcing import announce
from baton.core.actor import Actor
from baton.core.events.fact import Fact
from baton.core.models import Event
from baton.lib.unit_of_work import insert

Changes = Mapping[str, tuple[Any, Any]]

# Made once: left out, it would be made for each event, which costs a third of the event.
_BY_DATABASE: Any = Event._meta.get_field("transaction").get_default()


def record(
    actor: Actor,
    fact: Fact,
    *,
    at: datetime,
    project_id: int | None = None,
    task_id: int | None = None,
    user_id: int | None = None,
    changes: Changes | None = None,
) -> Event:
    """Write one event into the log, in the transaction of the change it tells of, and return it.

    In a unit of work it has no id: its row, and so its place in the log, comes when all of them are sent.

    `user_id` is whom it is about where it belongs to no project. `changes` maps fields to (old, new) values that JSON
    can hold; times among them are written in UTC. Raises RuntimeError outside a transaction, since a fact without its
    change (or the reverse) must never be seen, and ValueError for a field that the catalogue does not name.
    """
    present = connections[DEFAULT_DB_ALIAS]  # `connection` would look it up again for each of its attributes
    if not present.in_atomic_block:
        raise RuntimeError(f"{fact.verb} must be recorded in the transaction of its change")
    changes = changes or {}
    if unknown := changes.keys() - set(fact.fields):
        raise ValueError(f"{fact.verb} does not tell of {sorted(unknown)}")
    event = Event(
        transaction=_BY_DATABASE,
        verb=fact.verb,
        project_id=project_id,
        task_id=task_id,
        user_id=user_id,
        actor_id=actor.user_id,
        at=at,
        surface=actor.surface,
        request_id=actor.request_id,
        changes={field: [_plain(old), _plain(new)] for field, (old, new) in changes.items()},
        data=_data(actor, fact),
    )
    insert(event)
    present.on_commit(announce)
    return event


def _data(actor: Actor, fact: Fact) -> dict[str, Any]:
    data: dict[str, Any] = msgspec.to_builtins(fact)
    return data if actor.undoes is None else {**data, "undoes": actor.undoes}


def _plain(value: object) -> object:
    """Return what JSON can hold; a time as every reader shows it, in UTC."""
    return msgspec.to_builtins(value.astimezone(UTC) if isinstance(value, datetime) else value)
