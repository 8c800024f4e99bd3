"""A task as part of another."""

from __future__ import annotations

from baton.core.actor import Actor
from baton.core.commands.task_change import TaskChange
from baton.core.errors import FieldError, Invalid, NotFound
from baton.core.events.catalogue import TaskEdited
from baton.core.models import Project, Task
from baton.core.policies.visibility import visible_tasks


def set_parent(change: TaskChange, parent_id: int | None) -> None:
    """Make the task part of another one of its project, or of none. The caller holds the project's lock.

    Raises NotFound for a parent the actor doesn't see, Invalid for one elsewhere or below the task itself.
    """
    if parent_id == change.task.parent_id:
        return
    check_parent(change.actor, change.task.project, parent_id)
    _check_cycle(change.task, parent_id)
    change.set(TaskEdited(), "parent_id", parent_id, field="parent")


def check_parent(actor: Actor, project: Project, parent_id: int | None) -> None:
    """Check that the parent is a task of the project that the actor sees."""
    if parent_id is None:
        return
    parent_project = visible_tasks(actor).filter(pk=parent_id).values_list("project_id", flat=True).first()
    if parent_project is None:
        raise NotFound(errors=[FieldError("/parent", "not_found", f"There is no task {parent_id}.")])
    if parent_project != project.pk:
        raise Invalid.field("/parent", "other_project", "The parent must be a task of the same project.")


def _check_cycle(task: Task, parent_id: int | None) -> None:
    """Walk up from the new parent; meeting the task on the way means it would be part of itself."""
    above = parent_id
    while above is not None:
        if above == task.pk:
            raise Invalid.field("/parent", "cycle", "A task can't be part of itself.")
        above = Task.objects.filter(pk=above).values_list("parent_id", flat=True).first()
