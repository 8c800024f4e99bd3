"""Taking tasks and projects out of the trash again, and emptying it.

`trash_task` and `trash_project` live with their nouns.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from baton.core.actor import SYSTEM, Actor
from baton.core.commands.access import require
from baton.core.commands.task_change import TaskChange
from baton.core.commands.task_titles import check_title_is_free, keep_title
from baton.core.errors import Conflict, NotFound
from baton.core.events.facts.projects import ProjectPurged, ProjectRestored
from baton.core.events.facts.tasks import TaskPurged, TaskRestored
from baton.core.events.record import record
from baton.core.models import Project, Task
from baton.core.policies.projects import can_trash_project
from baton.core.policies.tasks import can_trash_task
from baton.core.policies.visibility import trashed_projects, trashed_tasks
from baton.lib.unit_of_work import atomically


def restore_task(actor: Actor, task_id: int) -> Task:
    """Take a task out of the trash, to where it was.

    Raises NotFound for one that isn't there or that the actor wouldn't see, Denied, and Conflict while its project is
    in the trash, or another task has its title where titles are told apart.
    """
    with atomically():
        task = _lock_trashed_task(actor, task_id)
        if task.project.trashed_at is not None:
            raise Conflict(
                f"Its project {task.project.key} is in the trash; restore that first.", code="project_trashed"
            )
        require(can_trash_task(actor, task), "You may not restore this task.")
        change = TaskChange(actor, task)
        if check_title_is_free(task.project, task.title):
            raise Conflict("Another task of its project is called so by now.", code="title_taken")
        change.set_quietly("trashed_at", None)
        keep_title(change, task.project, task.title)
        change.tell(TaskRestored())
        Project.objects.filter(pk=task.project_id).update(tasks_count=F("tasks_count") + 1)
        return change.save()


def restore_project(actor: Actor, project_id: int) -> Project:
    """Take a project out of the trash with all that was in it. Raises NotFound, Denied."""
    with atomically():
        found = trashed_projects(actor).select_for_update(no_key=True, of=("self",)).filter(pk=project_id)
        project = found.first()
        if project is None:
            raise NotFound
        require(can_trash_project(actor, project), "Only an owner may restore a project.")
        project.trashed_at = None
        project.updated_at = timezone.now()
        project.version += 1
        project.save(update_fields=["trashed_at", "updated_at", "version"])
        record(actor, ProjectRestored(), at=project.updated_at, project_id=project.pk)
        return project


def purge_trash(before: datetime, limit: int = 200) -> int:
    """Delete for good what went into the trash before a time; return how many tasks and projects, at most `limit` each.

    The log keeps their history, and the sweeper removes the files that no row names any more. Call it again while
    `has_purgeable`.
    """
    with transaction.atomic():
        projects = list(Project.objects.select_for_update(no_key=True).filter(trashed_at__lt=before)[:limit])
        tasks = list(
            Task.objects.select_for_update(no_key=True)
            .filter(trashed_at__lt=before)
            .exclude(project__in=projects)[:limit]
        )
        now = timezone.now()
        for project in projects:
            record(SYSTEM, ProjectPurged(key=project.key, name=project.name), at=now, project_id=project.pk)
        for task in tasks:
            record(SYSTEM, TaskPurged(title=task.title), at=now, project_id=task.project_id, task_id=task.pk)
        Task.objects.filter(pk__in=[task.pk for task in tasks]).delete()
        Project.objects.filter(pk__in=[project.pk for project in projects]).delete()
        return len(projects) + len(tasks)


def has_purgeable(before: datetime) -> bool:
    """Is there anything in the trash from before that time?"""
    return Task.objects.filter(trashed_at__lt=before).exists() or Project.objects.filter(trashed_at__lt=before).exists()


def _lock_trashed_task(actor: Actor, task_id: int) -> Task:
    """Return the task with its project, both locked, the project first."""
    project_id = trashed_tasks(actor).filter(pk=task_id).values_list("project_id", flat=True).first()
    if project_id is None:
        raise NotFound
    project = Project.objects.select_for_update(no_key=True).get(pk=project_id)
    locked = trashed_tasks(actor).select_for_update(no_key=True, of=("self",)).filter(pk=task_id, project=project)
    task = locked.first()
    if task is None:
        raise NotFound
    task.project = project
    return task
