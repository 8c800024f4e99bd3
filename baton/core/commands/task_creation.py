"""Creating tasks."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.commands.access import lock_project, require
from baton.core.commands.checks import refuse
from baton.core.commands.task_assignment import (
    People,
    check_agreement,
    check_people,
    insert_assignments,
    look_up_people,
)
from baton.core.commands.task_fields import TaskFields, check_fields, people_of
from baton.core.commands.task_labels import by_folded_name, find_or_make_labels, place_labels
from baton.core.commands.task_parent import check_parent
from baton.core.commands.task_tally import kind_of, recount
from baton.core.commands.task_titles import TAKEN, check_title_is_free, is_taken_title, kept_title
from baton.core.errors import Invalid
from baton.core.events.facts.tasks import TaskCreated
from baton.core.events.record import record
from baton.core.models import Priority, Project, Status, Task
from baton.core.policies.projects import can_create_task
from baton.lib import compiled_writes, rank
from baton.lib.unit_of_work import atomically


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
