"""Creating, editing and trashing tasks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from django.db import IntegrityError
from django.db.models import F
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.commands.access import (
    check_version,
    lock_project,
    lock_task,
    lock_task_and_project,
    lock_task_and_target,
    require,
)
from baton.core.commands.checks import (
    TITLE_LENGTH,
    check_choice,
    check_line,
    check_moment,
    check_text,
    refuse,
)
from baton.core.commands.task_assignment import (
    People,
    check_agreement,
    check_people,
    insert_assignments,
    list_assignees,
    look_up_people,
    set_people,
)
from baton.core.commands.task_change import TaskChange
from baton.core.commands.task_labels import by_folded_name, check_labels, find_or_make_labels, place_labels, set_labels
from baton.core.commands.task_parent import check_parent, set_parent
from baton.core.commands.task_relocation import check_relocation, relocate
from baton.core.commands.task_status import set_status
from baton.core.commands.task_tally import kind_of, recount
from baton.core.commands.task_titles import (
    TAKEN,
    check_title_is_free,
    is_taken_title,
    keep_title,
    kept_title,
    release_title,
)
from baton.core.errors import FieldError, Invalid
from baton.core.events.facts.tasks import TaskAssigned, TaskCreated, TaskEdited, TaskStatusChanged, TaskTrashed
from baton.core.events.record import record
from baton.core.models import Priority, Project, Status, Task
from baton.core.policies.projects import can_create_task
from baton.core.policies.tasks import can_assign_task, can_change_status, can_edit_task, can_trash_task
from baton.lib import compiled_writes, rank
from baton.lib.unit_of_work import atomically


class TaskFields(TypedDict, total=False):
    """What can be said of a task; what is absent stays as it is, or gets its default on a new task.

    `assignees` are user ids with the lead first; `assigned_to` is the lead alone and keeps the others.
    """

    project_id: int
    title: str
    description: str
    status: str
    priority: int
    assigned_to: int | None
    assignees: Sequence[int]
    labels: Sequence[str]
    parent_id: int | None
    due_at: datetime | None


RIGHTS = {
    TaskEdited: can_edit_task,
    TaskStatusChanged: can_change_status,
    TaskAssigned: can_assign_task,
}


def create_task(actor: Actor, project_id: int, fields: TaskFields) -> Task:
    """Create a task in a project, after all others there, and return it.

    Raises NotFound for a project or parent that the actor doesn't see, Denied, and Invalid with all bad fields.
    """
    try:
        return _create(actor, project_id, fields)
    except IntegrityError as race:
        if is_taken_title(race):
            raise Invalid(errors=[TAKEN]) from race
        raise


def _create(actor: Actor, project_id: int, fields: TaskFields) -> Task:
    with atomically():
        project = lock_project(actor, project_id)
        people, parent_id = people_of(fields), fields.get("parent_id")
        look_up_people(actor, project, people)
        require(can_create_task(actor, project), "You may not create tasks in this project.")
        refuse(
            [
                *check_fields({"title": "", **fields}),
                *check_people(project, people),
                *check_agreement(people),
                *check_parent(actor, project, parent_id),
                *check_title_is_free(project, fields.get("title", "")),
            ]
        )
        assignees = _assignees_of(people)
        task = _insert(actor, project, fields, assignees)
        labels = _put_people_and_labels(task, assignees, fields.get("labels", ()))
        changes = {
            "title": (None, task.title),
            "description": (None, task.description or None),
            "status": (None, task.status),
            "priority": (None, Priority(task.priority).name.lower()),
            "assigned_to": (None, task.lead_id),
            "assignees": (None, assignees or None),
            "parent": (None, parent_id),
            "labels": (None, labels or None),
            "due_date": (None, task.due_at),
            "completed_at": (None, task.completed_at),
        }
        record(
            actor,
            TaskCreated(key=f"{project.key}-{task.number}"),
            at=task.created_at,
            project_id=project.pk,
            task_id=task.pk,
            changes={field: change for field, change in changes.items() if change[1] is not None},
        )
        return task


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


def check_fields(fields: TaskFields) -> list[FieldError]:
    """Check the values that need no look at the database."""
    errors = []
    if "title" in fields:
        errors += check_line("/title", fields["title"], TITLE_LENGTH)
    if "description" in fields:
        errors += check_text("/description", fields["description"])
    if "status" in fields:
        errors += check_choice("/status", fields["status"], Status.values)
    if "priority" in fields:
        errors += check_choice("/priority", fields["priority"], Priority.values)
    if "labels" in fields:
        errors += check_labels(fields["labels"])
    return errors + check_moment("/due_date", fields.get("due_at"))


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
        set_priority(change, fields["priority"])
    if "parent_id" in fields:
        set_parent(change, fields["parent_id"])
    if "labels" in fields:
        set_labels(change, fields["labels"])
    if "status" in fields:
        set_status(change, fields["status"])
    set_people(change, people_of(fields))


def people_of(fields: TaskFields) -> People:
    """Return what the fields say of who works on the task."""
    said: People = {}
    if "assignees" in fields:
        said["assignees"] = fields["assignees"]
    if "assigned_to" in fields:
        said["assigned_to"] = fields["assigned_to"]
    return said


def set_priority(change: TaskChange, priority: int) -> None:
    """Set the priority; the log tells of it by its name."""
    old = change.task.priority
    if old != priority:
        change.set_quietly("priority", priority)
        change.note(TaskEdited(), "priority", Priority(old).name.lower(), Priority(priority).name.lower())


def _assignees_of(people: People) -> list[int]:
    """Return who shall work on a new task, without repetitions."""
    if "assignees" in people:
        return list(dict.fromkeys(people["assignees"]))
    lead = people.get("assigned_to")
    return [] if lead is None else [lead]


def _insert(actor: Actor, project: Project, fields: TaskFields, assignees: list[int]) -> Task:
    """Number and save the new task."""
    now = timezone.now()
    project.last_number += 1
    project.tasks_count += 1
    compiled_writes.update(project, ["last_number", "tasks_count"])
    status = fields.get("status", Status.TODO)
    task = Task(
        project=project,
        number=project.last_number,
        title=fields["title"],
        unique_title=kept_title(project, fields["title"]),
        description=fields.get("description", ""),
        status=status,
        priority=fields.get("priority", Priority.MEDIUM),
        lead_id=assignees[0] if assignees else None,
        assignees_count=len(assignees),
        labels_count=len(by_folded_name(fields.get("labels", ()))),
        parent_id=fields.get("parent_id"),
        due_at=fields.get("due_at"),
        rank=rank.initial(project.last_number),
        created_by_id=actor.person,
        created_at=now,
        updated_at=now,
        completed_at=now if status == Status.DONE else None,
    )
    compiled_writes.insert(task)
    recount(None, kind_of(task))
    return task


def _put_people_and_labels(task: Task, assignees: list[int], labels: Sequence[str]) -> list[str]:
    """Save who works on a new task and its labels; return the labels' names."""
    insert_assignments(task, assignees)
    if not labels:
        return []
    found = find_or_make_labels(task.project, by_folded_name(labels))
    place_labels(task, found)
    return sorted(label.name for label in found)
