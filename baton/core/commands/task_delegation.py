"""Handing a task on, and answering for it.

The giver hands the task to the receiver, who becomes its lead at once and owes an answer. Declining it, or returning
it later, gives it back to whoever led it before. A receiver may hand it on further: each delegation of the chain stays
open until its own receiver answers.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.commands.access import check_version, find_delegation, lock_task_and_project, require
from baton.core.commands.checks import check_choice, check_text, refuse
from baton.core.commands.task_assignment import check_assignees, list_assignees, place_assignees
from baton.core.commands.task_change import TaskChange
from baton.core.errors import Conflict, Invalid
from baton.core.events.catalogue import DelegationAccepted, DelegationDeclined, DelegationReturned, TaskDelegated
from baton.core.events.fact import Fact
from baton.core.models import Delegation, Task
from baton.core.models.delegation import OPEN_STATES, DelegationState
from baton.core.policies.tasks import can_answer_delegation, can_delegate_task
from baton.core.policies.visibility import users_who_see

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
    actor: Actor, task_id: int, receiver_id: int, note: str = "", *, expected_version: int | None = None
) -> Delegation:
    """Hand the task on: the receiver leads it now, and it waits for their answer.

    Handing on what was offered to the giver accepts that offer. Raises NotFound, Denied, Stale, and Invalid for
    somebody who doesn't see the task, leads it already, or is the giver.
    """
    with transaction.atomic():
        task = lock_task_and_project(actor, task_id)
        require(can_delegate_task(actor, task), "Only the lead or an editor may hand this task on.")
        check_version(task, expected_version)
        _check_receiver(actor, task, receiver_id, note)
        change = TaskChange(actor, task)
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
    with transaction.atomic():
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
    errors = [*check_assignees(task.project, [receiver_id], "/to", 1), *check_text("/note", note, NOTE_LENGTH)]
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
    """Whoever hands on what was offered to them has taken it on."""
    Delegation.objects.filter(task=change.task, receiver_id=change.actor.user_id, state=DelegationState.OFFERED).update(
        state=DelegationState.ACCEPTED, answered_at=change.at
    )


def _close(delegation: Delegation, answer: DelegationState, note: str, change: TaskChange) -> None:
    delegation.state = answer
    delegation.answer = note
    delegation.answered_at = change.at
    delegation.version += 1
    delegation.save(update_fields=["state", "answer", "answered_at", "version"])


def _hand_back(change: TaskChange, fact: Fact, delegation: Delegation) -> None:
    """Give the task to whoever led it before, if they still see it; what was handed on after this one ends with it."""
    task = change.task
    Delegation.objects.filter(task=task, pk__gt=delegation.pk, state__in=OPEN_STATES).update(
        state=DelegationState.ENDED, answered_at=timezone.now()
    )
    still_open = Delegation.objects.filter(task=task, state__in=OPEN_STATES).exists()
    change.set(fact, "delegated", still_open)
    previous = delegation.previous_lead_id
    sees = previous is not None and users_who_see(task.project).filter(pk=previous).exists()
    others = [user for user in list_assignees(task) if user not in (task.lead_id, previous)]
    place_assignees(change, fact, [previous, *others] if sees and previous is not None else others)
