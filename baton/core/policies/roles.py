"""What a user is in a project."""

from __future__ import annotations

from django.db.models import QuerySet

from baton.core.actor import Actor
from baton.core.models import Member, Role
from baton.lib.compiled import Compiled, Param
from baton.lib.unit_of_work import present_unit

WORKING_ROLES = frozenset({Role.OWNER.value, Role.EDITOR.value})


def role_in(actor: Actor, project_id: int) -> str | None:
    """Return the actor's role in the project, None for somebody who is no member of it.

    A unit of work looks once: it holds the locks of its projects, under which roles change.
    """
    unit = present_unit()
    if unit is None:
        return _read_role(actor, project_id)
    key = ("role", project_id, actor.user_id)
    if key not in unit.known:
        unit.known[key] = _read_role(actor, project_id)
    role: str | None = unit.known[key]
    return role


def is_owner(actor: Actor, project_id: int) -> bool:
    """Does the actor manage the project?"""
    return role_in(actor, project_id) == Role.OWNER


def is_working(actor: Actor, project_id: int) -> bool:
    """Is the actor an owner or an editor of the project?"""
    return role_in(actor, project_id) in WORKING_ROLES


def _read_role(actor: Actor, project_id: int) -> str | None:
    rows = _ROLE.rows((), {"project": project_id, "user": actor.user_id})
    return rows[0][0] if rows else None


def _role(_: tuple[()]) -> QuerySet[Member, tuple[str]]:
    return Member.objects.filter(project=Param("project"), user=Param("user")).values_list("role")


_ROLE = Compiled(_role)
