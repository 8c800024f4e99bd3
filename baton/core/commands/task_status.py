"""Moving a task along."""

from __future__ import annotations

from baton.core.actor import Actor
from baton.core.commands.access import check_version, lock_task, require
from baton.core.commands.checks import check_choice, refuse
from baton.core.commands.task_change import TaskChange
from baton.core.events.facts.tasks import TaskStatusChanged
from baton.core.models import Status, Task
from baton.core.policies.tasks import can_change_status
from baton.lib.unit_of_work import atomically

STATUSES = tuple(Status.values)


def change_status(actor: Actor, task_id: int, status: str, *, expected_version: int | None = None) -> Task:
    """Give the task another status; one that is the same already changes nothing.

    Raises NotFound, Denied, Stale, and Invalid for a status that there isn't.
    """
    with atomically():
        task = lock_task(actor, task_id)
        require(can_change_status(actor, task), "You may not move this task along.")
        check_version(task, expected_version)
        change = TaskChange(actor, task)
        set_status(change, status)
        return change.save()


def set_status(change: TaskChange, status: str) -> None:
    """Set the status, and with it when the task was completed."""
    refuse(check_choice("/status", status, STATUSES))
    fact = TaskStatusChanged()
    if change.set(fact, "status", status):
        change.set(fact, "completed_at", change.at if status == Status.DONE else None)
