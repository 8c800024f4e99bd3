"""A change of one locked task: collects what differs, then saves, counts the version up and records the events.

The steps (`set_status`, `set_assignees`, …) live with their verbs; a command that touches several fields runs several
steps on one change and records one event for each verb.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from baton.core.actor import Actor
from baton.core.commands.access import forget_task
from baton.core.commands.task_tally import kind_of, recount
from baton.core.events.fact import Fact
from baton.core.events.record import record
from baton.core.models import Task
from baton.lib.unit_of_work import update

SEEN_BY = frozenset({"project_id", "trashed_at"})
"""Columns that decide who sees a task."""


class TaskChange:
    """What one command does to one task. The caller holds the task's lock and has checked the rights.

    `at` is given where it is a part of a larger change, whose events are told apart by their time.
    """

    def __init__(self, actor: Actor, task: Task, at: datetime | None = None) -> None:
        self.actor = actor
        self.task = task
        self._was_counted_as = kind_of(task)
        self.at = at or timezone.now()
        self.facts: dict[type[Fact], Fact] = {}
        self._changes: dict[type[Fact], dict[str, tuple[Any, Any]]] = {}
        self._columns: set[str] = set()

    def set(self, fact: Fact, column: str, new: Any, *, field: str | None = None) -> bool:
        """Set a column of the task where it differs; return whether it did. `field` is its name on the wire."""
        old = getattr(self.task, column)
        if old == new:
            return False
        setattr(self.task, column, new)
        self._columns.add(column)
        self.note(fact, field or column, old, new)
        return True

    def set_quietly(self, column: str, new: Any) -> None:
        """Set a column that the log doesn't tell of: a counter, or what another field implies."""
        setattr(self.task, column, new)
        self._columns.add(column)

    def note(self, fact: Fact, field: str, old: Any, new: Any) -> None:
        """Note for the log that a field of the task changed."""
        self.tell(fact)
        before = self._changes[type(fact)].get(field, (old, None))[0]
        self._changes[type(fact)][field] = (before, new)

    def tell(self, fact: Fact) -> None:
        """Have the fact recorded even if no field of the task changed."""
        self.facts.setdefault(type(fact), fact)
        self._changes.setdefault(type(fact), {})

    def save(self) -> Task:
        """Write the task and its events; without any difference, nothing. Return the task."""
        if self.facts or self._columns:
            if self.facts:
                self.task.version += 1
            self.task.updated_at = self.at
            update(self.task, [*self._columns, "version", "updated_at"])
            recount(self._was_counted_as, kind_of(self.task))
            if not self._columns.isdisjoint(SEEN_BY):
                forget_task(self.task.pk)
        for kind, fact in self.facts.items():
            record(
                self.actor,
                fact,
                at=self.at,
                project_id=self.task.project_id,
                task_id=self.task.pk,
                changes=self._changes[kind],
            )
        return self.task
