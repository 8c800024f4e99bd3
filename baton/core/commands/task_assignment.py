"""Who works on a task."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from baton.core.actor import Actor
from baton.core.commands.access import check_version, lock_task_and_project, require
from baton.core.commands.checks import ASSIGNEES_PER_TASK, refuse
from baton.core.commands.task_change import TaskChange
from baton.core.errors import FieldError
from baton.core.events.catalogue import TaskAssigned
from baton.core.events.fact import Fact
from baton.core.models import Assignment, Delegation, Project, Task
from baton.core.models.delegation import OPEN_STATES, DelegationState
from baton.core.policies.tasks import can_assign_task
from baton.core.policies.visibility import users_who_see


def assign_task(
    actor: Actor, task_id: int, assignee_ids: Sequence[int], *, expected_version: int | None = None
) -> Task:
    """Have exactly these users work on the task, the first as its lead; none is allowed.

    A new lead ends what was delegated. Raises NotFound, Denied, Stale, and Invalid for people who don't see the task.
    """
    with transaction.atomic():
        task = lock_task_and_project(actor, task_id)
        require(can_assign_task(actor, task), "You may not say who works on this task.")
        check_version(task, expected_version)
        change = TaskChange(actor, task)
        set_assignees(change, assignee_ids)
        return change.save()


def set_lead(change: TaskChange, lead_id: int | None) -> None:
    """Give the task another lead (None: nobody works on it); the other assignees stay as they are.

    Writing the lead that is there already changes nothing, so that a client which knows only one assignee keeps all.
    """
    assignees = list_assignees(change.task)
    if lead_id is None:
        set_assignees(change, [])
    elif assignees[:1] != [lead_id]:
        set_assignees(change, [lead_id, *(user for user in assignees[1:] if user != lead_id)], pointer="/assigned_to")


def set_assignees(change: TaskChange, assignee_ids: Sequence[int], *, pointer: str = "/assignees") -> None:
    """Replace the assignees, and end open delegations where the lead changes."""
    wanted = list(dict.fromkeys(assignee_ids))
    present = list_assignees(change.task)
    refuse(check_assignees(change.task.project, [user for user in wanted if user not in present], pointer, len(wanted)))
    if wanted == present:
        return
    fact = TaskAssigned()
    if wanted[:1] != present[:1]:
        Delegation.objects.filter(task=change.task, state__in=OPEN_STATES).update(
            state=DelegationState.ENDED, answered_at=change.at
        )
        change.set(fact, "delegated", False)
    place_assignees(change, fact, wanted)


def place_assignees(change: TaskChange, fact: Fact, wanted: list[int]) -> None:
    """Write the assignees' rows and their trace on the task. The caller has checked them."""
    present = list_assignees(change.task)
    Assignment.objects.filter(task=change.task).delete()
    Assignment.objects.bulk_create(
        Assignment(task=change.task, user_id=user, position=position) for position, user in enumerate(wanted)
    )
    change.set_quietly("assignees_count", len(wanted))
    change.set(fact, "lead_id", wanted[0] if wanted else None, field="assigned_to")
    change.note(fact, "assignees", present, wanted)


def list_assignees(task: Task) -> list[int]:
    """Return the ids of who works on the task, its lead first."""
    if task.assignees_count <= 1:
        return [task.lead_id] if task.lead_id is not None else []
    return list(Assignment.objects.filter(task=task).order_by("position").values_list("user_id", flat=True))


def check_assignees(project: Project, user_ids: Sequence[int], pointer: str, total: int) -> list[FieldError]:
    """Check that each of these users sees the project; one who doesn't and one there isn't look the same."""
    if total > ASSIGNEES_PER_TASK:
        return [FieldError(pointer, "too_many", f"At most {ASSIGNEES_PER_TASK} people can work on a task.")]
    if not user_ids:
        return []
    allowed = set(users_who_see(project).filter(pk__in=user_ids).values_list("pk", flat=True))
    return [
        FieldError(pointer, "not_a_member", f"User {user} does not see this project, so they can't be assigned.")
        for user in user_ids
        if user not in allowed
    ]
