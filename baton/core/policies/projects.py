"""May the actor do this with a project it sees?"""

from __future__ import annotations

from baton.core.actor import Actor
from baton.core.models import Project
from baton.core.models.project import Visibility
from baton.core.policies.roles import WORKING_ROLES, is_owner, role_in


def can_create_project(actor: Actor) -> bool:
    """May the actor make projects? Every person, but not with a token for one project."""
    return not actor.is_system and actor.project_id is None


def can_manage_project(actor: Actor, project: Project) -> bool:
    """May the actor rename the project, change who sees it and who belongs to it, or trash it?"""
    return is_owner(actor, project.pk)


def can_trash_project(actor: Actor, project: Project) -> bool:
    """May the actor put the project into the trash? Nobody loses their inbox."""
    return not project.is_inbox and can_manage_project(actor, project)


def can_leave_project(actor: Actor, project: Project, user_id: int) -> bool:
    """May the actor take this member out? Owners anybody, everybody themselves."""
    return actor.user_id == user_id or can_manage_project(actor, project)


def can_create_task(actor: Actor, project: Project) -> bool:
    """May the actor create tasks here? In an open project everybody but those made viewers on purpose."""
    role = role_in(actor, project.pk)
    is_guest = role is None and not actor.is_system and project.visibility == Visibility.OPEN
    return role in WORKING_ROLES or is_guest


def can_export_project(actor: Actor, project: Project) -> bool:
    """May the actor take all of the project home? Its members; being able to look at an open one is not enough."""
    return role_in(actor, project.pk) is not None


def can_see_addresses(actor: Actor, project: Project) -> bool:
    """May the actor read the members' e-mail addresses? Who manages the project."""
    return is_owner(actor, project.pk)


def can_import_into_project(actor: Actor, project: Project) -> bool:
    """May the actor add a file's tasks to the project? Whoever may create them one by one."""
    return can_create_task(actor, project)
