"""What a user is in a project."""

from __future__ import annotations

from django.db.models import QuerySet

from baton.core.actor import Actor
from baton.core.models import Member, Role
from baton.lib.compiled import Compiled, Param

WORKING_ROLES = frozenset({Role.OWNER.value, Role.EDITOR.value})


def role_in(actor: Actor, project_id: int) -> str | None:
    """Return the actor's role in the project; None for somebody who is no member, or whose token is for another one."""
    if actor.project_id not in (None, project_id):
        return None
    rows = _ROLE.rows((), {"project": project_id, "user": actor.user_id})
    return rows[0][0] if rows else None


def is_owner(actor: Actor, project_id: int) -> bool:
    """Does the actor manage the project?"""
    return role_in(actor, project_id) == Role.OWNER


def is_working(actor: Actor, project_id: int) -> bool:
    """Is the actor an owner or an editor of the project?"""
    return role_in(actor, project_id) in WORKING_ROLES


def _role(_: tuple[()]) -> QuerySet[Member, tuple[str]]:
    return Member.objects.filter(project=Param("project"), user=Param("user")).values_list("role")


_ROLE = Compiled(_role)
