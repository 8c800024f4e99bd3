"""What a user is in a project."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from baton.core.actor import Actor
from baton.core.models import Member, Role
from baton.lib.compiled import Compiled
from baton.lib.statements import Param
from baton.lib.unit_of_work import recall, remember

WORKING_ROLES = frozenset({Role.OWNER.value, Role.EDITOR.value})
_UNKNOWN = "unknown"


def role_in(actor: Actor, project_id: int) -> str | None:
    """Return the actor's role in the project; None for somebody who is no member, or whose token is for another one."""
    if actor.project_id not in (None, project_id):
        return None
    role: str | None = recall(_key(project_id, actor.user_id), _UNKNOWN)
    if role != _UNKNOWN:
        return role
    rows = _ROLE.rows((), {"project": project_id, "user": actor.user_id})
    return rows[0][0] if rows else None


def remember_role(project_id: int, user_id: int | None, role: str | None) -> None:
    """Have the steps behind know what the user is in the project, whose lock they hold: under it roles change."""
    remember(_key(project_id, user_id), role)


def look_up_roles(actor: Actor, project_ids: Collection[int]) -> None:
    """Look up at once what the actor is in these projects, whose locks the steps behind hold."""
    roles = dict(Member.objects.filter(project__in=project_ids, user=actor.user_id).values_list("project_id", "role"))
    for project_id in project_ids:
        remember_role(project_id, actor.user_id, roles.get(project_id))


def is_owner(actor: Actor, project_id: int) -> bool:
    """Does the actor manage the project?"""
    return role_in(actor, project_id) == Role.OWNER


def _key(project_id: int, user_id: int | None) -> tuple[str, int, int | None]:
    return ("role", project_id, user_id)


def _role(_: tuple[()]) -> QuerySet[Member, tuple[str]]:
    return Member.objects.filter(project=Param("project"), user=Param("user")).values_list("role")


_ROLE = Compiled(_role)
