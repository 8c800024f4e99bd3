"""Changing a task and handing it on in one step, for who leads it."""

from __future__ import annotations

from django.utils import timezone

from baton.core.actor import Actor
from baton.core.commands.access import lock_task_and_project
from baton.core.commands.task_delegation import delegate_task
from baton.core.commands.task_fields import TaskFields
from baton.core.commands.tasks import edit_task
from baton.core.models import Task
from baton.core.policies.tasks import can_assign_task, is_lead
from baton.lib.unit_of_work import atomically


def edit_or_hand_on(actor: Actor, task_id: int, fields: TaskFields) -> Task:
    """Change what `fields` say, as `edit_task` does, and return the task.

    Whoever leads it but may not say who works on it delegates it to the lead they name. Raises NotFound, Denied, and
    Invalid with all bad fields.
    """
    with atomically():
        task = lock_task_and_project(actor, task_id)
        receiver = fields.get("assigned_to")
        if receiver in (None, task.lead_id) or not is_lead(actor, task) or can_assign_task(actor, task):
            return edit_task(actor, task_id, fields)
        said: TaskFields = {**fields}
        del said["assigned_to"]
        # One change, of which people are told once. In this order: whoever has handed it on may change it no longer.
        now = timezone.now()
        edit_task(actor, task_id, said, at=now)
        return delegate_task(actor, task_id, receiver, at=now).task
