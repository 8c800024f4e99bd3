"""Many commands as one request: all of them or none, or each for itself; for real or only to see what they would do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction

from baton.core.actor import Actor
from baton.core.commands.access import lock_for_unit
from baton.core.errors import CoreError
from baton.core.models import Event, Task
from baton.lib.unit_of_work import UnitOfWork, unit_of_work

MOST_OPERATIONS = 500


@dataclass(frozen=True, slots=True)
class Operation:
    """A command with all its arguments but the actor. The ids say what it will lock, where that is known."""

    act: Callable[[Actor], object]
    task_id: int | None = None
    project_id: int | None = None


@dataclass(slots=True)
class Outcome:
    """What became of an operation: its events, or why it was refused.

    `task_id` is None where there is no task, or it was only made in a dry run.
    """

    task_id: int | None
    events: Sequence[Event] = ()
    refusal: CoreError | None = None


def run_bulk(
    actor: Actor, operations: Sequence[Operation | CoreError], *, is_atomic: bool = True, is_dry_run: bool = False
) -> list[Outcome]:
    """Run the operations one after the other, each under its own rights and with its own events, and say what became.

    Where `is_atomic`, one that is refused undoes all of them; the others run nevertheless, so that every refusal is
    known. In a dry run nothing stays. An operation that the caller could not even read is given as its refusal.
    """
    with transaction.atomic():
        with unit_of_work() as unit:
            _lock(unit, actor, operations)
            outcomes = [_run(unit, actor, operation) for operation in operations]
        if is_dry_run or (is_atomic and any(outcome.refusal for outcome in outcomes)):
            transaction.set_rollback(True)
            _disown_new_tasks(operations, outcomes)
    return outcomes


def _lock(unit: UnitOfWork, actor: Actor, operations: Sequence[Operation | CoreError]) -> None:
    readable = [operation for operation in operations if isinstance(operation, Operation)]
    tasks = {operation.task_id for operation in readable if operation.task_id is not None}
    projects = {operation.project_id for operation in readable if operation.project_id is not None}
    lock_for_unit(unit, actor, tasks, projects)


def _run(unit: UnitOfWork, actor: Actor, operation: Operation | CoreError) -> Outcome:
    if isinstance(operation, CoreError):
        return Outcome(None, refusal=operation)
    try:
        with unit.step() as step:
            made = operation.act(actor)
            events = [row for row in step.inserted if isinstance(row, Event)]
    except CoreError as refusal:
        return Outcome(operation.task_id, refusal=refusal)
    return Outcome(made.pk if operation.task_id is None and isinstance(made, Task) else operation.task_id, events)


def _disown_new_tasks(operations: Sequence[Operation | CoreError], outcomes: Sequence[Outcome]) -> None:
    """Take the ids of tasks that were made and undone off the outcomes: somebody else's will have them."""
    for operation, outcome in zip(operations, outcomes, strict=True):
        if isinstance(operation, Operation) and operation.task_id is None:
            outcome.task_id = None
            for event in outcome.events:
                event.task_id = None
