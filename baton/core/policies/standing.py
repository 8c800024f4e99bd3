"""What people are in a project and whether they see it, looked up for all whom a command names at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import FilteredRelation, Q, QuerySet

from baton.core.actor import Actor
from baton.core.models import Project, User
from baton.core.policies.roles import remember_role
from baton.core.policies.visibility import sees_project
from baton.lib.compiled import Compiled
from baton.lib.statements import Param, Row
from baton.lib.unit_of_work import recall, remember


def look_up_standings(actor: Actor, project: Project, user_ids: Collection[int]) -> None:
    """Have `role_in` know the actor's role, and `who_see` these users, without asking each for itself.

    Without any users there is nothing to save. The caller holds the project's lock: under it roles change.
    """
    if all(recall(_key(project, user)) is not None for user in user_ids):
        return
    for user, role, is_active in _rows(project, {*user_ids, actor.user_id} - {None}):
        remember_role(project.pk, user, role)
        remember(_key(project, user), sees_project(project, role, is_active=is_active))


def who_see(project: Project, user_ids: Collection[int]) -> set[int]:
    """Return those of these users who see the project and are active."""
    known = {user: recall(_key(project, user)) for user in user_ids}
    seeing = {user for user, sees in known.items() if sees}
    if unknown := [user for user, sees in known.items() if sees is None]:
        rows = _rows(project, unknown)
        seeing |= {user for user, role, is_active in rows if sees_project(project, role, is_active=is_active)}
    return seeing


def _key(project: Project, user_id: int) -> tuple[str, int, int]:
    return ("sees", project.pk, user_id)


def _rows(project: Project, user_ids: Iterable[int | None]) -> list[Row]:
    return _STANDINGS.rows((), {"project": project.pk, "users": list(user_ids)})


def _standings(_shape: tuple[()]) -> QuerySet[User, tuple[int, str | None, bool]]:
    # A join, since for a subquery beside each user PostgreSQL would make a new plan every time.
    membership = FilteredRelation("memberships", condition=Q(memberships__project=Param("project")))
    users = User.objects.annotate(membership=membership).filter(pk__any_of=Param("users"))
    return users.values_list("pk", "membership__role", "is_active")


_STANDINGS = Compiled(_standings)
