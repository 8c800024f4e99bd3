"""Who belongs to a project."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.commands.access import lock_project, require
from baton.core.commands.checks import check_choice, refuse
from baton.core.commands.task_release import release_tasks
from baton.core.errors import Conflict, FieldError, NotFound
from baton.core.events.fact import Fact
from baton.core.events.facts.projects import MemberAdded, MemberRemoved, MemberRoleChanged, ProjectEdited
from baton.core.events.record import Changes, record
from baton.core.models import Member, Project, Role
from baton.core.policies.projects import can_leave_project, can_manage_project
from baton.core.queries.users import Handle, find_by_handle

USER_NOT_FOUND = "User not found"


def add_member(actor: Actor, project_id: int, user: int | Handle, role: str | None = None) -> Member:
    """Make a user (by id or another handle) a member, an editor unless `role` says otherwise.

    A member already stays one, with the role that is given or else the one they have. Raises NotFound for the project
    or the user, Denied, Invalid, and Conflict where it would leave no owner.
    """
    with transaction.atomic():
        project = _lock_to_manage(actor, project_id)
        refuse(check_choice("/role", role, [None, *Role.values]))
        # Looked for only now: who may not manage the project learns nothing of who has an account.
        user_id = _find_account(user)
        member = Member.objects.filter(project=project, user=user_id).first()
        if member is not None:
            return _give_role(actor, project, member, role or member.role)
        if project.is_inbox:
            raise Conflict("An inbox belongs to one person.")
        return enter_member(actor, project, user_id, role or Role.EDITOR)


def enter_member(actor: Actor, project: Project, user_id: int, role: str) -> Member:
    """Enter a new member. The caller holds the project's lock and has checked that it may be."""
    member = Member.objects.create(project=project, user_id=user_id, role=role)
    _record(actor, project, MemberAdded(user=user_id), {"role": (None, member.role)})
    return member


def change_role(actor: Actor, project_id: int, user_id: int, role: str) -> Member:
    """Give a member another role. Raises NotFound, Denied, Invalid, and Conflict where it would leave no owner."""
    with transaction.atomic():
        project = _lock_to_manage(actor, project_id)
        refuse(check_choice("/role", role, Role.values))
        return _give_role(actor, project, _find(project, user_id), role)


def remove_member(actor: Actor, project_id: int, user_id: int) -> None:
    """Take a member out; they stop working on the project's tasks where they no longer see them.

    Raises NotFound, Denied unless the actor is an owner or leaves themselves, and Conflict for the last owner.
    """
    with transaction.atomic():
        project = lock_project(actor, project_id)
        require(can_leave_project(actor, project, user_id), "Only an owner may take others out of a project.")
        member = _find(project, user_id)
        _keep_an_owner(actor, project, member, None)
        member.delete()
        _record(actor, project, MemberRemoved(user=user_id), {"role": (member.role, None)})
        release_tasks(actor, project)


def _lock_to_manage(actor: Actor, project_id: int) -> Project:
    project = lock_project(actor, project_id)
    require(can_manage_project(actor, project), "Only an owner may change who belongs to a project.")
    return project


def _find_account(user: int | Handle) -> int:
    handle = user if isinstance(user, Handle) else Handle("user_id", user)
    account = find_by_handle(handle)
    if account is None:
        error = FieldError(f"/{handle.kind}", "not_found", USER_NOT_FOUND)
        raise NotFound(USER_NOT_FOUND, code="user_not_found", errors=[error])
    return account.pk


def _find(project: Project, user_id: int) -> Member:
    member = Member.objects.filter(project=project, user=user_id).first()
    if member is None:
        raise NotFound("This user is no member of the project.")
    return member


def _give_role(actor: Actor, project: Project, member: Member, role: str) -> Member:
    if role == member.role:
        return member
    _keep_an_owner(actor, project, member, role)
    before, member.role = member.role, role
    member.save(update_fields=["role"])
    _record(actor, project, MemberRoleChanged(user=member.user_id), {"role": (before, role)})
    return member


def _keep_an_owner(actor: Actor, project: Project, member: Member, role: str | None) -> None:
    """See that somebody else owns the project before an owner steps down; the oldest of them becomes `owner`."""
    if member.role != Role.OWNER or role == Role.OWNER:
        return
    others = Member.objects.filter(project=project, role=Role.OWNER).exclude(pk=member.pk).order_by("created_at", "pk")
    heir = others.first()
    if heir is None:
        raise Conflict("A project needs an owner; make somebody else one first.", code="last_owner")
    if project.owner_id == member.user_id:
        project.owner_id = heir.user_id
        project.save(update_fields=["owner"])
        _record(actor, project, ProjectEdited(), {"owner": (member.user_id, heir.user_id)})


def _record(actor: Actor, project: Project, fact: Fact, changes: Changes) -> None:
    """Record the fact, and count the project's version up: its members are part of what it shows."""
    project.version += 1
    project.updated_at = timezone.now()
    project.save(update_fields=["version", "updated_at"])
    record(actor, fact, at=project.updated_at, project_id=project.pk, changes=changes)
