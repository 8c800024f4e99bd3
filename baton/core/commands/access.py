"""Find a thing the actor sees, lock it, and check what was asked: the first lines of every command.

Locks are taken in one order, project before task, and without blocking readers of the key (foreign keys of others).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, QuerySet

from baton.core.actor import Actor
from baton.core.errors import Denied, FieldError, NotFound, Stale
from baton.core.models import Attachment, Comment, Delegation, Project, Task
from baton.core.policies.roles import look_up_roles
from baton.core.policies.visibility import (
    projects_seen_by,
    tasks_seen_by,
    viewer_values,
    visible_attachments,
    visible_comments,
    visible_delegations,
    visible_projects,
    visible_tasks,
)
from baton.lib.compiled import Compiled
from baton.lib.statements import Param
from baton.lib.unit_of_work import UnitOfWork, present_unit


class Versioned(Protocol):
    """A row that counts its changes."""

    version: int


def lock_project(actor: Actor, project_id: int) -> Project:
    """Return the project, locked until the commit. Raises NotFound where the actor doesn't see it."""
    rows = _PROJECT.rows((), {"project": project_id, **viewer_values(actor)})
    if not rows:
        raise NotFound
    return Project.from_db(DEFAULT_DB_ALIAS, _PROJECT_COLUMNS, rows[0])


def lock_task(actor: Actor, task_id: int) -> Task:
    """Return the task with its project, the task locked until the commit. Raises NotFound."""
    unit = present_unit()
    task: Task | None = unit.take(_key(task_id)) if unit else None
    if task is not None:
        return task
    task = (
        visible_tasks(actor)
        .select_related("project")
        .select_for_update(no_key=True, of=("self",))
        .filter(pk=task_id)
        .first()
    )
    if task is None:
        raise NotFound
    return task


def lock_task_and_project(actor: Actor, task_id: int) -> Task:
    """Return the task with its project, both locked: for what must not race with a change of members."""
    unit = present_unit()
    known: Task | None = unit.take(_key(task_id)) if unit else None
    if known is not None:
        return known
    project_id = visible_tasks(actor).filter(pk=task_id).values_list("project_id", flat=True).first()
    if project_id is None:
        raise NotFound
    project = lock_project(actor, project_id)
    task = lock_task(actor, task_id)
    if task.project_id != project.pk:
        raise Stale("The task has just moved to another project.")
    task.project = project
    return task


def lock_task_and_target(actor: Actor, task_id: int, project_id: int | None) -> tuple[Task, Project]:
    """Return the task and the project it shall be in (None: where it is), locked together with the one it is in."""
    present_id = visible_tasks(actor).filter(pk=task_id).values_list("project_id", flat=True).first()
    if present_id is None:
        raise NotFound
    if project_id is None or project_id == present_id:
        task = lock_task_and_project(actor, task_id)
        return task, task.project
    projects = lock_projects(actor, (present_id, project_id))
    if project_id not in projects:
        raise NotFound(errors=[FieldError("/project", "not_found", f"There is no project {project_id}.")])
    task = lock_task(actor, task_id)
    if task.project_id != present_id:
        raise Stale("The task has just moved to another project.")
    return task, projects[project_id]


def lock_projects(actor: Actor, project_ids: Iterable[int]) -> dict[int, Project]:
    """Return the projects of these that the actor sees, locked one after the other: the lower id first."""
    found = visible_projects(actor).select_for_update(no_key=True, of=("self",)).filter(pk__in=project_ids)
    return {project.pk: project for project in found.order_by("pk")}


def lock_for_unit(unit: UnitOfWork, actor: Actor, task_ids: Iterable[int], project_ids: Iterable[int]) -> None:
    """Lock at once what the steps of a unit will ask for, so that they find it without asking the database."""
    values = {"tasks": list(set(task_ids)), **viewer_values(actor)}
    homes = {project_id for (project_id,) in _HOMES.rows((), values)}
    projects = lock_projects(actor, {*homes, *project_ids})
    look_up_roles(actor, projects)
    for row in _TASKS.rows((), values):
        task = Task.from_db(DEFAULT_DB_ALIAS, _TASK_COLUMNS, row)
        # One that has just moved into another project is found, and its project locked, when its turn comes.
        if task.project_id in projects:
            task.project = projects[task.project_id]
            unit.remember(_key(task.pk), task)


def forget_task(task_id: int) -> None:
    """Have the task looked up anew, since who sees it has changed or it was changed past `lock_task`."""
    if unit := present_unit():
        unit.forget(_key(task_id))


def find_comment(actor: Actor, comment_id: int) -> Comment:
    """Return the comment with its task locked. Raises NotFound."""
    task_id = visible_comments(actor).filter(pk=comment_id).values_list("task_id", flat=True).first()
    if task_id is None:
        raise NotFound
    task = lock_task(actor, task_id)
    comment = Comment.objects.filter(pk=comment_id).first()
    if comment is None:
        raise NotFound
    comment.task = task
    return comment


def find_attachment(actor: Actor, attachment_id: int) -> Attachment:
    """Return the file's row with its task locked. Raises NotFound."""
    task_id = visible_attachments(actor).filter(pk=attachment_id).values_list("task_id", flat=True).first()
    if task_id is None:
        raise NotFound
    task = lock_task(actor, task_id)
    # Again, for somebody may have removed it before the lock was ours.
    attachment = Attachment.objects.filter(pk=attachment_id, trashed_at=None).first()
    if attachment is None:
        raise NotFound
    attachment.task = task
    return attachment


def find_delegation(actor: Actor, delegation_id: int) -> Delegation:
    """Return the delegation with its task and project locked. Raises NotFound."""
    task_id = visible_delegations(actor).filter(pk=delegation_id).values_list("task_id", flat=True).first()
    if task_id is None:
        raise NotFound
    task = lock_task_and_project(actor, task_id)
    delegation = Delegation.objects.get(pk=delegation_id)
    delegation.task = task
    return delegation


def require(allowed: bool, detail: str) -> None:  # noqa: FBT001 - reads as a statement: require(can_…(…), "…")
    """Raise Denied with `detail` unless `allowed`."""
    if not allowed:
        raise Denied(detail)


def check_version(thing: Versioned, expected_version: int | None) -> None:
    """Raise Stale where the caller has read another version; None stands for a caller who doesn't mind."""
    if expected_version is not None and thing.version != expected_version:
        raise Stale


def _key(task_id: int) -> tuple[str, int]:
    return ("task", task_id)


def _project(_shape: tuple[()]) -> QuerySet[Project, tuple[Any, ...]]:
    # Its one table is the project's, so nothing else is locked.
    seen = projects_seen_by(Param("viewer")).select_for_update(no_key=True)
    return seen.filter(pk=Param("project")).values_list(*_PROJECT_COLUMNS)


def _homes(_shape: tuple[()]) -> QuerySet[Task, tuple[Any, ...]]:
    seen = tasks_seen_by(Param("viewer")).filter(id__any_of=Param("tasks"))
    return seen.order_by().values_list("project_id").distinct()


def _tasks(_shape: tuple[()]) -> QuerySet[Task]:
    # Not `values_list`, which knows no table of its own to lock.
    seen = tasks_seen_by(Param("viewer")).select_for_update(no_key=True, of=("self",))
    return seen.filter(id__any_of=Param("tasks")).only(*_TASK_COLUMNS).order_by("pk")


def _columns(model: type[Model], *unread: str) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if field.attname not in unread]


_PROJECT_COLUMNS = _columns(Project)
_PROJECT = Compiled(_project)
_HOMES = Compiled(_homes)
# No command reads the others.
_TASK_COLUMNS = _columns(Task, "uuid", "created_at", "updated_at")
_TASKS = Compiled(_tasks)
