"""Handing a task on, and answering for it.

The giver hands the task to the receiver, who becomes its lead at once and owes an answer. Declining it, or returning
it later, gives it back to whoever led it before. A receiver may hand it on further: each delegation of the chain stays
open until its own receiver answers.
"""

from __future__ import annotations

from datetime import datetime

from baton.core.actor import Actor
from baton.core.commands.access import check_version, find_delegation, lock_task_and_project, require
from baton.core.commands.checks import check_choice, check_text, refuse
from baton.core.commands.task_assignment import (
    check_assignees,
    close_open_delegations,
    list_assignees,
    place_assignees,
)
from baton.core.commands.task_change import TaskChange
from baton.core.errors import Conflict, Invalid
from baton.core.events.fact import Fact
from baton.core.events.facts.tasks import DelegationAccepted, DelegationDeclined, DelegationReturned, TaskDelegated
from baton.core.events.record import record
from baton.core.models import Delegation, Task
from baton.core.models.delegation import OPEN_STATES, DelegationState
from baton.core.policies.standing import look_up_standings
from baton.core.policies.tasks import can_answer_delegation, can_delegate_task
from baton.core.policies.visibility import users_who_see
from baton.lib.unit_of_work import atomically

NOTE_LENGTH = 2000
ANSWERS = {
    DelegationState.ACCEPTED: DelegationAccepted,
    DelegationState.DECLINED: DelegationDeclined,
    DelegationState.RETURNED: DelegationReturned,
}
ANSWERABLE = {
    DelegationState.ACCEPTED: (DelegationState.OFFERED,),
    DelegationState.DECLINED: (DelegationState.OFFERED,),
    DelegationState.RETURNED: (DelegationState.OFFERED, DelegationState.ACCEPTED),
}


def delegate_task(
    actor: Actor,
    task_id: int,
    receiver_id: int,
    note: str = "",
    *,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Delegation:
    """Hand the task on: the receiver leads it now, and it waits for their answer.

    Handing on what was offered to the giver accepts that offer. `at` makes it part of a larger change. Raises NotFound,
    Denied, Stale, and Invalid for somebody who doesn't see the task, leads it already, or is the giver.
    """
    with atomically():
        task = lock_task_and_project(actor, task_id)
        look_up_standings(actor, task.project, [receiver_id])
        require(can_delegate_task(actor, task), "Only the lead or an editor may hand this task on.")
        check_version(task, expected_version)
        _check_receiver(actor, task, receiver_id, note)
        change = TaskChange(actor, task, at)
        _accept_silently(change)
        delegation = _open(change, receiver_id, note)
        fact = TaskDelegated(
            delegation=delegation.pk, giver=delegation.giver_id, receiver=delegation.receiver_id, note=note
        )
        change.set(fact, "delegated", True)
        others = [user for user in list_assignees(task) if user not in (task.lead_id, receiver_id)]
        place_assignees(change, fact, [receiver_id, *others])
        delegation.task = change.save()
        return delegation


def answer_delegation(
    actor: Actor, delegation_id: int, state: str, note: str = "", *, expected_version: int | None = None
) -> Delegation:
    """Accept, decline or return what was handed to the actor.

    Raises NotFound, Denied for anybody but the receiver, Stale, Conflict where it has ended or was answered so
    before, and Invalid.
    """
    with atomically():
        delegation = find_delegation(actor, delegation_id)
        require(can_answer_delegation(actor, delegation), "Only its receiver answers a delegation.")
        check_version(delegation, expected_version)
        refuse([*check_choice("/state", state, ANSWERS), *check_text("/note", note, NOTE_LENGTH)])
        answer = DelegationState(state)
        if delegation.state not in ANSWERABLE[answer]:
            raise Conflict(f"This delegation is {delegation.state} already.")
        change = TaskChange(actor, delegation.task)
        _close(delegation, answer, note, change)
        fact = ANSWERS[answer](delegation=delegation.pk, note=note)
        change.tell(fact)
        if answer != DelegationState.ACCEPTED:
            _hand_back(change, fact, delegation)
        change.save()
        return delegation


def _check_receiver(actor: Actor, task: Task, receiver_id: int, note: str) -> None:
    errors = [*check_assignees(task.project, [receiver_id], "/to"), *check_text("/note", note, NOTE_LENGTH)]
    refuse(errors)
    if receiver_id == actor.user_id:
        raise Invalid.field("/to", "self", "You can't hand a task to yourself.")
    if receiver_id == task.lead_id:
        raise Invalid.field("/to", "already_lead", "They lead this task already.")


def _open(change: TaskChange, receiver_id: int, note: str) -> Delegation:
    return Delegation.objects.create(
        task=change.task,
        giver_id=change.actor.person,
        receiver_id=receiver_id,
        previous_lead_id=change.task.lead_id,
        note=note,
        created_at=change.at,
    )


def _accept_silently(change: TaskChange) -> None:
    """Whoever hands on what was offered to them has taken it on, and the log says so."""
    offered = Delegation.objects.filter(
        task=change.task, receiver_id=change.actor.user_id, state=DelegationState.OFFERED
    )
    for delegation in offered.order_by("pk"):
        _close(delegation, DelegationState.ACCEPTED, "", change)
        record(
            change.actor,
            DelegationAccepted(delegation=delegation.pk, note=""),
            at=change.at,
            project_id=change.task.project_id,
            task_id=change.task.pk,
        )


def _close(delegation: Delegation, answer: DelegationState, note: str, change: TaskChange) -> None:
    delegation.state = answer
    delegation.answer = note
    delegation.answered_at = change.at
    delegation.version += 1
    delegation.save(update_fields=["state", "answer", "answered_at", "version"])


def _hand_back(change: TaskChange, fact: Fact, delegation: Delegation) -> None:
    """Give the task to whoever led it before; what the receiver handed on themselves ends with it."""
    task = change.task
    open_ones = Delegation.objects.filter(task=task, state__in=OPEN_STATES)
    following = open_ones.filter(pk__gt=delegation.pk).order_by("pk").first()
    if following is not None and following.giver_id != delegation.receiver_id:
        # An editor has meanwhile handed the task to somebody else: there it stays, and comes back past this receiver.
        following.previous_lead_id = delegation.previous_lead_id
        following.version += 1
        following.save(update_fields=["previous_lead", "version"])
        return
    close_open_delegations(change, after=delegation.pk)
    previous = _lead_before(change, delegation)
    change.set(fact, "delegated", open_ones.exists())
    others = [user for user in list_assignees(task) if user not in (task.lead_id, previous)]
    place_assignees(change, fact, others if previous is None else [previous, *others])


def _lead_before(change: TaskChange, delegation: Delegation) -> int | None:
    """Return who led the task before; where they no longer see it, who led it before them, or nobody.

    A delegation to somebody who is gone ends on the way, since nobody could answer it any more.
    """
    task, above = change.task, delegation
    while above.previous_lead_id is not None:
        if users_who_see(task.project).filter(pk=above.previous_lead_id).exists():
            return above.previous_lead_id
        earlier = (
            Delegation.objects.filter(
                task=task, pk__lt=above.pk, receiver=above.previous_lead_id, state__in=OPEN_STATES
            )
            .order_by("-pk")
            .first()
        )
        if earlier is None:
            return None
        _close(earlier, DelegationState.ENDED, "", change)
        above = earlier
    return None
