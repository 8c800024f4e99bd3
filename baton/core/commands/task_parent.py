"""A task as part of another."""

from __future__ import annotations

from baton.core.actor import Actor
from baton.core.commands.task_change import TaskChange
from baton.core.errors import FieldError, NotFound
from baton.core.events.facts.tasks import TaskEdited
from baton.core.models import Project, Task
from baton.core.policies.visibility import visible_tasks


def set_parent(change: TaskChange, parent_id: int | None) -> None:
    """Make the task part of another one, or of none. The caller holds the project's lock and has checked the parent."""
    change.set(TaskEdited(), "parent_id", parent_id, field="parent")


def check_parent(actor: Actor, project: Project, parent_id: int | None, task: Task | None = None) -> list[FieldError]:
    """Check that the parent of a task, new or not, is one of its project and not part of the task itself.

    The parent that is there already is good, even from the trash. Raises NotFound where the actor doesn't see it.
    """
    if parent_id is None or (task is not None and task.parent_id == parent_id):
        return []
    parent_project = visible_tasks(actor).filter(pk=parent_id).values_list("project_id", flat=True).first()
    if parent_project is None:
        raise NotFound(errors=[FieldError("/parent", "not_found", f"There is no task {parent_id}.")])
    if parent_project != project.pk:
        return [FieldError("/parent", "other_project", "The parent must be a task of the same project.")]
    if task is not None and _is_part_of(parent_id, task):
        return [FieldError("/parent", "cycle", "A task can't be part of itself.")]
    return []


def _is_part_of(task_id: int | None, whole: Task) -> bool:
    """Walk up from a task; meeting the whole on the way means it is part of it, or is it."""
    while task_id is not None:
        if task_id == whole.pk:
            return True
        task_id = Task.objects.filter(pk=task_id).values_list("parent_id", flat=True).first()
    return False
