"""Moving a task: along the board, up and down in its order, and into another project."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from baton.core.actor import Actor
from baton.core.commands.access import check_version, lock_task_and_target, require
from baton.core.commands.checks import check_choice, refuse
from baton.core.commands.task_change import TaskChange
from baton.core.commands.task_ranks import rank_after, rank_before
from baton.core.commands.task_relocation import check_relocation, relocate
from baton.core.commands.task_status import set_status
from baton.core.commands.task_titles import check_title_is_free
from baton.core.errors import FieldError, Invalid, NotFound
from baton.core.events.facts.tasks import TaskMoved
from baton.core.models import Project, Status, Task
from baton.core.policies.tasks import can_move_task
from baton.core.policies.visibility import visible_tasks
from baton.lib.unit_of_work import atomically


@dataclass(frozen=True, slots=True)
class Place:
    """Where a task shall be: what is None stays as it is.

    `before_id` and `after_id` name another task, at most one of them; without either the task goes to the end of its
    column, which are the tasks of its project with its status.
    """

    status: str | None = None
    before_id: int | None = None
    after_id: int | None = None
    project_id: int | None = None


def move_task(actor: Actor, task_id: int, place: Place, *, expected_version: int | None = None) -> Task:
    """Put the task at a place; one where it is already changes nothing.

    Raises NotFound for the task, its new neighbour or the other project, Denied, Stale, and Invalid.
    """
    with atomically():
        task, project = lock_task_and_target(actor, task_id, place.project_id)
        require(can_move_task(actor, task), "You may not move this task.")
        check_version(task, expected_version)
        if project.pk != task.project_id:
            check_relocation(actor, task, project)
        refuse(_check(task, project, place))
        neighbour = _find_neighbour(actor, project, place)
        change = TaskChange(actor, task)
        if project.pk != task.project_id:
            relocate(change, project)
        if place.status is not None:
            set_status(change, place.status)
        _put(change, place, neighbour)
        return change.save()


def _check(task: Task, project: Project, place: Place) -> list[FieldError]:
    errors = check_title_is_free(project, task.title, task)
    if place.status is not None:
        errors += check_choice("/status", place.status, Status.values)
    if place.before_id is not None and place.after_id is not None:
        errors.append(FieldError("/after", "contradiction", "Send `before` or `after`, not both."))
    for pointer, other_id in (("/before", place.before_id), ("/after", place.after_id)):
        if other_id == task.pk:
            errors.append(FieldError(pointer, "self", "A task has no place beside itself."))
    return errors


def _find_neighbour(actor: Actor, project: Project, place: Place) -> Task | None:
    """Return the task that the place names. Raises NotFound where the actor doesn't see it, Invalid elsewhere."""
    pointer, other_id = ("/before", place.before_id) if place.after_id is None else ("/after", place.after_id)
    if other_id is None:
        return None
    other = visible_tasks(actor).filter(pk=other_id).first()
    if other is None:
        raise NotFound(errors=[FieldError(pointer, "not_found", f"There is no task {other_id}.")])
    if other.project_id != project.pk:
        raise Invalid.field(pointer, "other_project", "The other task must be in the same project.")
    return other


def _put(change: TaskChange, place: Place, neighbour: Task | None) -> None:
    """Give the task the rank of its place, unless it stands there already."""
    task = change.task
    if neighbour is None:
        neighbour = _beside(task).filter(status=task.status).order_by("rank").last()
        if neighbour is None:
            return  # alone in its column
    goes_before = place.before_id is not None
    stands_before = task.rank < neighbour.rank
    if goes_before == stands_before and _is_next_to(task, neighbour):
        return
    find_rank = rank_before if goes_before else rank_after
    change.set(TaskMoved(), "rank", find_rank(task.project, task, neighbour))


def _is_next_to(task: Task, other: Task) -> bool:
    """Is nothing between the two: of their column where they share one, else of the project?"""
    low, high = sorted((task.rank, other.rank))
    between = _beside(task).filter(rank__gt=low, rank__lt=high)
    return not (between.filter(status=task.status) if task.status == other.status else between).exists()


def _beside(task: Task) -> QuerySet[Task]:
    return Task.objects.filter(project=task.project_id, trashed_at=None).exclude(pk=task.pk)
