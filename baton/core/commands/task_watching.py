"""Watching tasks."""

from __future__ import annotations

from django.utils import timezone

from baton.core.actor import Actor
from baton.core.commands.access import lock_task
from baton.core.events.fact import Fact
from baton.core.events.facts.tasks import TaskUnwatched, TaskWatched
from baton.core.events.record import record
from baton.core.models import Task, Watcher
from baton.lib.unit_of_work import atomically


def watch_task(actor: Actor, task_id: int) -> None:
    """Have the actor hear about the task; twice is once. Raises NotFound."""
    with atomically():
        task = lock_task(actor, task_id)
        if Watcher.objects.get_or_create(task=task, user_id=actor.person)[1]:
            _record(actor, task, TaskWatched())


def unwatch_task(actor: Actor, task_id: int) -> None:
    """Have the actor no longer hear about the task; twice is once. Raises NotFound."""
    with atomically():
        task = lock_task(actor, task_id)
        if Watcher.objects.filter(task=task, user_id=actor.person).delete()[0]:
            _record(actor, task, TaskUnwatched())


def _record(actor: Actor, task: Task, fact: Fact) -> None:
    record(actor, fact, at=timezone.now(), project_id=task.project_id, task_id=task.pk)
