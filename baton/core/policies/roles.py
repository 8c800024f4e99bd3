"""What a user is in a project."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from baton.core.actor import Actor
from baton.core.models import Member, Role
from baton.lib.compiled import Compiled, Param
from baton.lib.unit_of_work import UnitOfWork, present_unit

WORKING_ROLES = frozenset({Role.OWNER.value, Role.EDITOR.value})
_UNKNOWN = "unknown"


def role_in(actor: Actor, project_id: int) -> str | None:
    """Return the actor's role in the project; None for somebody who is no member, or whose token is for another one."""
    if actor.project_id not in (None, project_id):
        return None
    unit = present_unit()
    role: str | None = unit.recall(_key(actor, project_id), _UNKNOWN) if unit else _UNKNOWN
    if role != _UNKNOWN:
        return role
    rows = _ROLE.rows((), {"project": project_id, "user": actor.user_id})
    return rows[0][0] if rows else None


def remember_roles(unit: UnitOfWork, actor: Actor, project_ids: Collection[int]) -> None:
    """Look the actor's roles up for all of a unit of work, which holds the projects' locks: under them roles change."""
    roles = dict(Member.objects.filter(project__in=project_ids, user=actor.user_id).values_list("project_id", "role"))
    for project_id in project_ids:
        unit.remember(_key(actor, project_id), roles.get(project_id))


def is_owner(actor: Actor, project_id: int) -> bool:
    """Does the actor manage the project?"""
    return role_in(actor, project_id) == Role.OWNER


def _key(actor: Actor, project_id: int) -> tuple[str, int, int | None]:
    return ("role", project_id, actor.user_id)


def _role(_: tuple[()]) -> QuerySet[Member, tuple[str]]:
    return Member.objects.filter(project=Param("project"), user=Param("user")).values_list("role")


_ROLE = Compiled(_role)
