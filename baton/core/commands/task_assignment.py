"""Who works on a task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from django.db.models import F

from baton.core.actor import Actor
from baton.core.commands.access import check_version, lock_task_and_project, require
from baton.core.commands.checks import ASSIGNEES_PER_TASK, refuse
from baton.core.commands.task_change import TaskChange
from baton.core.errors import FieldError
from baton.core.events.fact import Fact
from baton.core.events.facts.tasks import TaskAssigned
from baton.core.models import Assignment, Delegation, Project, Task
from baton.core.models.delegation import OPEN_STATES, DelegationState
from baton.core.policies.standing import look_up_standings, who_see
from baton.core.policies.tasks import can_assign_task
from baton.lib.compiled_writes import insert_all
from baton.lib.unit_of_work import atomically


class People(TypedDict, total=False):
    """Who shall work on a task: everybody, the lead first; or the lead alone, which keeps the others."""

    assignees: Sequence[int]
    assigned_to: int | None


def assign_task(
    actor: Actor, task_id: int, assignee_ids: Sequence[int], *, expected_version: int | None = None
) -> Task:
    """Have exactly these users work on the task, the first as its lead; none is allowed.

    A new lead ends what was delegated. Raises NotFound, Denied, Stale, and Invalid for people who don't see the task.
    """
    with atomically():
        task = lock_task_and_project(actor, task_id)
        look_up_people(actor, task.project, {"assignees": assignee_ids})
        require(can_assign_task(actor, task), "You may not say who works on this task.")
        check_version(task, expected_version)
        refuse(check_people(task.project, {"assignees": assignee_ids}, list_assignees(task)))
        change = TaskChange(actor, task)
        set_assignees(change, assignee_ids)
        return change.save()


def set_people(change: TaskChange, said: People) -> None:
    """Have the people work on the task that `assignees` or `assigned_to` say. The caller has checked them.

    Whoever sends back all they have read, with one of the two changed, means that one. Raises Invalid where both
    changed and disagree.
    """
    present = list_assignees(change.task)
    lead_moves = "assigned_to" in said and said["assigned_to"] != next(iter(present), None)
    if "assignees" in said and list(dict.fromkeys(said["assignees"])) != present:
        if lead_moves:
            refuse(check_agreement(said))
        set_assignees(change, said["assignees"])
    elif lead_moves:
        set_lead(change, said["assigned_to"])


def set_lead(change: TaskChange, lead_id: int | None) -> None:
    """Give the task another lead (None: nobody works on it); the other assignees stay as they are.

    Writing the lead that is there already changes nothing, so that a client which knows only one assignee keeps all.
    """
    assignees = list_assignees(change.task)
    if lead_id is None:
        set_assignees(change, [])
    elif assignees[:1] != [lead_id]:
        set_assignees(change, [lead_id, *(user for user in assignees[1:] if user != lead_id)])


def set_assignees(change: TaskChange, assignee_ids: Sequence[int]) -> None:
    """Replace the assignees, and end open delegations where the lead changes. The caller has checked them."""
    wanted = list(dict.fromkeys(assignee_ids))
    present = list_assignees(change.task)
    if wanted == present:
        return
    fact = TaskAssigned()
    if wanted[:1] != present[:1]:
        close_open_delegations(change)
        change.set(fact, "delegated", False)
    place_assignees(change, fact, wanted)


def close_open_delegations(change: TaskChange, *, after: int = 0) -> None:
    """End the task's open delegations, or those behind the one with the id `after`."""
    Delegation.objects.filter(task=change.task, pk__gt=after, state__in=OPEN_STATES).update(
        state=DelegationState.ENDED, answered_at=change.at, version=F("version") + 1
    )


def place_assignees(change: TaskChange, fact: Fact, wanted: list[int]) -> None:
    """Write the assignees' rows and their trace on the task. The caller has checked them."""
    present = list_assignees(change.task)
    Assignment.objects.filter(task=change.task).delete()
    insert_assignments(change.task, wanted)
    change.set_quietly("assignees_count", len(wanted))
    change.set(fact, "lead_id", wanted[0] if wanted else None, field="assigned_to")
    change.note(fact, "assignees", present, wanted)


def insert_assignments(task: Task, assignees: Sequence[int]) -> None:
    """Write the rows of who works on a task that has none."""
    insert_all([Assignment(task=task, user_id=user, position=position) for position, user in enumerate(assignees)])


def list_assignees(task: Task) -> list[int]:
    """Return the ids of who works on the task, its lead first."""
    if task.assignees_count <= 1:
        return [task.lead_id] if task.lead_id is not None else []
    return list(Assignment.objects.filter(task=task).order_by("position").values_list("user_id", flat=True))


def look_up_people(actor: Actor, project: Project, said: People) -> None:
    """Look up together what the actor may do in the project, whose lock the caller holds, and who is named to work."""
    named = list(dict.fromkeys(said.get("assignees", ())))[:ASSIGNEES_PER_TASK]
    lead = said.get("assigned_to")
    look_up_standings(actor, project, named if lead is None else [lead, *named])


def check_agreement(said: People) -> list[FieldError]:
    """Check that `assigned_to`, where it is said beside `assignees`, is the first of them."""
    if "assignees" not in said or "assigned_to" not in said:
        return []
    if said["assigned_to"] == next(iter(said["assignees"]), None):
        return []
    return [FieldError("/assigned_to", "contradiction", "This must be the first of `assignees`, or be left out.")]


def check_people(project: Project, said: People, present: Sequence[int] = ()) -> list[FieldError]:
    """Check who shall work on a task; those who are `present` do so already."""
    errors = []
    wanted = dict.fromkeys(said.get("assignees", ()))
    if len(wanted) > ASSIGNEES_PER_TASK:
        errors.append(FieldError("/assignees", "too_many", f"At most {ASSIGNEES_PER_TASK} people can work on a task."))
    else:
        errors += check_assignees(project, [user for user in wanted if user not in present], "/assignees")
    lead = said.get("assigned_to")
    if lead is not None and lead not in present and lead not in wanted:
        errors += check_assignees(project, [lead], "/assigned_to")
    return errors


def check_assignees(project: Project, user_ids: Sequence[int], pointer: str) -> list[FieldError]:
    """Check that each of these users sees the project; one who doesn't and one there isn't look the same."""
    if not user_ids:
        return []
    allowed = who_see(project, user_ids)
    return [
        FieldError(pointer, "not_a_member", f"User {user} does not see this project, so they can't be assigned.")
        for user in user_ids
        if user not in allowed
    ]
