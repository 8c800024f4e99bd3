"""The task that every scenario begins with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from baton.core.commands import comments, task_delegation, task_watching
from baton.core.commands.mail_queue import LetterOrder, queue_letters
from baton.core.models import Task, User
from tests.cast import Cast
from tests.factories import actor_of, make_task

Scenario = Callable[[Cast, Task], object]
DUE = datetime(2026, 12, 1, 10, 30, 0, 5, tzinfo=UTC)


def make_full_task(cast: Cast) -> Task:
    """Return a task that has everything, offered by the editor to the newcomer; the owner has commented."""
    whole = make_task(cast.owner, cast.project, "Whole")
    # Somebody else, whose address is known to be theirs.
    User.objects.filter(pk=cast.outsider.pk).update(is_verified=True)
    task = make_task(
        cast.owner,
        cast.project,
        description="Twice a day.",
        priority=3,
        assignees=[cast.editor.pk, cast.viewer.pk],
        labels=["garden", "Daily"],
        parent_id=whole.pk,
        due_at=DUE,
    )
    task_delegation.delegate_task(actor_of(cast.editor), task.pk, cast.newcomer.pk, "I am at sea.")
    comments.add_comment(actor_of(cast.owner), task.pk, "The tap drips.")
    task_watching.watch_task(actor_of(cast.viewer), task.pk)
    letter = LetterOrder("task_assigned", cast.editor.pk, "event:1", project_id=task.project_id, task_id=task.pk)
    queue_letters([letter])
    return task
