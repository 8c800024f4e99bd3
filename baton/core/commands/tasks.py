"""Editing and trashing tasks; `task_creation.py` makes them."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError
from django.db.models import F

from baton.core.actor import Actor
from baton.core.commands.access import check_version, lock_task, lock_task_and_project, lock_task_and_target, require
from baton.core.commands.checks import refuse
from baton.core.commands.task_assignment import check_people, list_assignees, look_up_people, set_people
from baton.core.commands.task_change import TaskChange
from baton.core.commands.task_fields import TaskFields, check_fields, people_of
from baton.core.commands.task_labels import set_labels
from baton.core.commands.task_parent import check_parent, set_parent
from baton.core.commands.task_relocation import check_relocation, relocate
from baton.core.commands.task_status import set_status
from baton.core.commands.task_titles import TAKEN, check_title_is_free, is_taken_title, keep_title, release_title
from baton.core.errors import FieldError, Invalid
from baton.core.events.facts.tasks import TaskAssigned, TaskEdited, TaskStatusChanged, TaskTrashed
from baton.core.models import Priority, Project, Task
from baton.core.policies.tasks import can_assign_task, can_change_status, can_edit_task, can_trash_task
from baton.lib.unit_of_work import atomically

RIGHTS = {
    TaskEdited: can_edit_task,
    TaskStatusChanged: can_change_status,
    TaskAssigned: can_assign_task,
}


def edit_task(
    actor: Actor,
    task_id: int,
    fields: TaskFields,
    *,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Task:
    """Change what `fields` says, each difference under the right it needs, and return the task.

    Another project takes the task there, for which the right to edit it is needed here, and so covers every difference.
    One event is recorded for each verb that applies, and `at` makes them part of a larger change. Raises NotFound,
    Denied, Stale, and Invalid with all bad fields.
    """
    try:
        return _edit(actor, task_id, fields, expected_version, at)
    except IntegrityError as race:
        if is_taken_title(race):
            raise Invalid(errors=[TAKEN]) from race
        raise


def _edit(actor: Actor, task_id: int, fields: TaskFields, expected_version: int | None, at: datetime | None) -> Task:
    with atomically():
        task, project = _lock_to_edit(actor, task_id, fields)
        is_leaving = project.pk != task.project_id
        look_up_people(actor, project, people_of(fields))
        require(can_change_status(actor, task), "You may not change this task.")
        check_version(task, expected_version)
        if is_leaving:
            check_relocation(actor, task, project)
        refuse(_check_edit(actor, task, project, fields))
        change = TaskChange(actor, task, at)
        if is_leaving:
            relocate(change, project)
        _apply(change, fields)
        for kind in () if is_leaving else change.facts:
            require(RIGHTS[kind](actor, task), "You may move this task along, but not change anything else of it.")
        return change.save()


def trash_task(actor: Actor, task_id: int, *, expected_version: int | None = None) -> Task:
    """Put the task into the trash: nobody sees it until it is restored. Raises NotFound, Denied, Stale."""
    with atomically():
        task = lock_task_and_project(actor, task_id)
        require(can_trash_task(actor, task), "You may not delete this task.")
        check_version(task, expected_version)
        change = TaskChange(actor, task)
        change.set_quietly("trashed_at", change.at)
        release_title(change)
        change.tell(TaskTrashed())
        Project.objects.filter(pk=task.project_id).update(tasks_count=F("tasks_count") - 1)
        return change.save()


def _lock_to_edit(actor: Actor, task_id: int, fields: TaskFields) -> tuple[Task, Project]:
    """Return the task and the project it shall be in, with as few locks as its fields need."""
    if fields.keys().isdisjoint({"parent_id", "assignees", "assigned_to", "project_id"}):
        task = lock_task(actor, task_id)
        return task, task.project
    return lock_task_and_target(actor, task_id, fields.get("project_id"))


def _check_edit(actor: Actor, task: Task, project: Project, fields: TaskFields) -> list[FieldError]:
    """Check the fields against the project where the task shall be. What it brings along must fit there too."""
    stays = task if project.pk == task.project_id else None
    people = people_of(fields)
    return [
        *check_fields(fields),
        *check_people(project, people, list_assignees(stays) if stays and people else ()),
        *check_parent(actor, project, fields.get("parent_id"), stays),
        *(
            check_title_is_free(project, fields.get("title", task.title), task)
            if "title" in fields or not stays
            else ()
        ),
    ]


def _apply(change: TaskChange, fields: TaskFields) -> None:
    """Run the step of each field."""
    edited = TaskEdited()
    if "title" in fields:
        change.set(edited, "title", fields["title"])
        keep_title(change, change.task.project, change.task.title)
    if "description" in fields:
        change.set(edited, "description", fields["description"])
    if "due_at" in fields:
        change.set(edited, "due_at", fields["due_at"], field="due_date")
    if "priority" in fields:
        _set_priority(change, fields["priority"])
    if "parent_id" in fields:
        set_parent(change, fields["parent_id"])
    if "labels" in fields:
        set_labels(change, fields["labels"])
    if "status" in fields:
        set_status(change, fields["status"])
    set_people(change, people_of(fields))


def _set_priority(change: TaskChange, priority: int) -> None:
    """Set the priority; the log tells of it by its name."""
    old = change.task.priority
    if old != priority:
        change.set_quietly("priority", priority)
        change.note(TaskEdited(), "priority", Priority(old).name.lower(), Priority(priority).name.lower())
