"""Find a thing the actor sees, lock it, and check what was asked: the first lines of every command.

Locks are taken in one order, project before task, and without blocking readers of the key (foreign keys of others).
"""

from __future__ import annotations

from typing import Protocol

from baton.core.actor import Actor
from baton.core.errors import Denied, NotFound, Stale
from baton.core.models import Attachment, Comment, Delegation, Project, Task
from baton.core.policies.visibility import (
    visible_attachments,
    visible_comments,
    visible_delegations,
    visible_projects,
    visible_tasks,
)


class Versioned(Protocol):
    """A row that counts its changes."""

    version: int


def lock_project(actor: Actor, project_id: int) -> Project:
    """Return the project, locked until the commit. Raises NotFound where the actor doesn't see it."""
    project = visible_projects(actor).select_for_update(no_key=True, of=("self",)).filter(pk=project_id).first()
    if project is None:
        raise NotFound
    return project


def lock_task(actor: Actor, task_id: int) -> Task:
    """Return the task with its project, the task locked until the commit. Raises NotFound."""
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
    project_id = visible_tasks(actor).filter(pk=task_id).values_list("project_id", flat=True).first()
    if project_id is None:
        raise NotFound
    project = lock_project(actor, project_id)
    task = lock_task(actor, task_id)
    if task.project_id != project.pk:
        raise Stale("The task has just moved to another project.")
    task.project = project
    return task


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
