"""May the actor do this with a task it sees?

Owners and editors work on every task of their project. Whoever works on a task (an assignee, whatever their role)
may move it along, talk about it and hand it on. In an open project people without a role may also edit what they
created, and comment everywhere. A project may let whoever works on a task change it
(`Project.assignees_edit`), or leave moving it along to who created it (`Project.creators_decide`).
"""

from __future__ import annotations

from baton.core.actor import Actor
from baton.core.models import Assignment, Attachment, Comment, Delegation, Task
from baton.core.models.project import Role, Visibility
from baton.core.policies.roles import WORKING_ROLES, role_in


def can_edit_task(actor: Actor, task: Task) -> bool:
    """May the actor change the task's words, date, labels and parent?"""
    return _is_in_charge(actor, task) or (task.project.assignees_edit and is_assignee(actor, task))


def can_change_status(actor: Actor, task: Task) -> bool:
    """May the actor move the task along?"""
    return can_edit_task(actor, task) or (not task.project.creators_decide and is_assignee(actor, task))


def can_move_task(actor: Actor, task: Task) -> bool:
    """May the actor put the task at another place of its project's board? Whoever moves it along may."""
    return can_change_status(actor, task)


def can_take_task_away(actor: Actor, task: Task) -> bool:
    """May the actor take the task out of its project? Who puts it elsewhere must be allowed to create tasks there."""
    return _is_in_charge(actor, task)


def can_assign_task(actor: Actor, task: Task) -> bool:
    """May the actor say who works on the task?"""
    return _is_in_charge(actor, task)


def can_delegate_task(actor: Actor, task: Task) -> bool:
    """May the actor hand the task on? Its lead may, and whoever may assign it."""
    return is_lead(actor, task) or can_assign_task(actor, task)


def can_answer_delegation(actor: Actor, delegation: Delegation) -> bool:
    """May the actor accept, decline or return it? Only its receiver."""
    return delegation.receiver_id == actor.user_id


def can_trash_task(actor: Actor, task: Task) -> bool:
    """May the actor put the task into the trash?"""
    return can_edit_task(actor, task)


def can_comment_on_task(actor: Actor, task: Task) -> bool:
    """May the actor comment on the task?"""
    role = role_in(actor, task.project_id)
    return role in WORKING_ROLES or _is_guest(actor, role, task) or is_assignee(actor, task)


def can_edit_comment(actor: Actor, comment: Comment) -> bool:
    """May the actor change what the comment says? Only its author, while they may still comment."""
    return comment.author_id == actor.user_id and can_comment_on_task(actor, comment.task)


def can_delete_comment(actor: Actor, comment: Comment) -> bool:
    """May the actor delete the comment? Its author, and the owners of the project."""
    return can_edit_comment(actor, comment) or role_in(actor, comment.task.project_id) == Role.OWNER


def can_attach_to_task(actor: Actor, task: Task) -> bool:
    """May the actor attach files to the task? Whoever may comment on it."""
    return can_comment_on_task(actor, task)


def can_remove_attachment(actor: Actor, attachment: Attachment) -> bool:
    """May the actor remove the file? Who attached it, while they still may, and the owners of the project."""
    is_own = attachment.uploaded_by_id == actor.user_id and can_attach_to_task(actor, attachment.task)
    return is_own or role_in(actor, attachment.task.project_id) == Role.OWNER


def is_assignee(actor: Actor, task: Task) -> bool:
    """Does the actor work on the task?"""
    return is_lead(actor, task) or (
        task.assignees_count > 1 and Assignment.objects.filter(task=task, user=actor.user_id).exists()
    )


def is_lead(actor: Actor, task: Task) -> bool:
    """Is the actor the first of those who work on the task? The system leads nothing, not even what nobody leads."""
    return not actor.is_system and task.lead_id == actor.user_id


def _is_in_charge(actor: Actor, task: Task) -> bool:
    """Does the actor work in the project, or is this their own task in an open one?"""
    role = role_in(actor, task.project_id)
    return role in WORKING_ROLES or (_is_guest(actor, role, task) and task.created_by_id == actor.user_id)


def _is_guest(actor: Actor, role: str | None, task: Task) -> bool:
    """Is this a person without a role in an open project?"""
    return role is None and not actor.is_system and task.project.visibility == Visibility.OPEN
