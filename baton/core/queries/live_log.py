"""Reading the log for everybody who listens: whatever happened, with what decides who may hear of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import QuerySet

from baton.core.actor import Actor
from baton.core.events import log
from baton.core.events.log import Cursor
from baton.core.models import Event, Member, Project
from baton.core.policies.visibility import Reach, members_among, open_among, visible_projects
from baton.core.queries import shapes
from baton.core.queries.events import COLUMNS, event_of
from baton.lib.compiled import LIMITED, Compiled
from baton.lib.statements import Param


class Logged(NamedTuple):
    """An event as it is shown, and whom it is about where it belongs to no project."""

    place: Cursor
    event: shapes.Event
    about_user_id: int | None


def read_log(after: Cursor, limit: int) -> list[Logged]:
    """Return the next settled events behind `after`, in the order of the log, whoever may see them."""
    rows = _NEXT.rows((), {"transaction": after.transaction, "event": after.event_id, "limit": limit})
    return [Logged(Cursor(row[0], row[1]), event_of(row), row[-1]) for row in rows]


def is_unsettled(after: Cursor) -> bool:
    """Is something committed behind `after` that can't be read yet, since an older transaction is still open?"""
    return bool(_COMMITTED.rows((), {"transaction": after.transaction, "event": after.event_id, "limit": 1}))


def find_first() -> Cursor:
    """Return the place of the oldest event there is, or the start of an empty log."""
    found = log.in_order(Event.objects.all()).values_list("transaction", "id").first()
    return Cursor(*found) if found else log.START


def find_reach(users: Iterable[int], projects: Iterable[int]) -> Reach:
    """Return what these users see of these projects' events."""
    values = {"users": list(users), "projects": list(projects)}
    if not values["projects"]:
        return Reach(frozenset(), frozenset())
    is_open = frozenset(row[0] for row in _OPEN.rows((), values))
    # One who belongs to none of them may be most who listen: those rows are never fetched.
    return Reach(is_open, frozenset((row[0], row[1]) for row in _MEMBERS.rows((), values)))


def find_whole_reach(users: Iterable[int], projects: Iterable[int]) -> Reach:
    """Return all projects that these users belong to, and which of `projects` are open."""
    values = {"users": list(users), "projects": list(projects)}
    is_open = frozenset(row[0] for row in _OPEN.rows((), values)) if values["projects"] else frozenset()
    return Reach(is_open, frozenset((row[0], row[1]) for row in _MEMBERSHIPS.rows((), values)))


def find_unseen(actor: Actor, projects: Iterable[int]) -> set[int]:
    """Return those of the projects whose events the actor doesn't see."""
    wanted = set(projects)
    seen = set(visible_projects(actor).filter(pk__in=wanted).values_list("pk", flat=True))
    if unseen := wanted - seen:
        # One in the trash is invisible, and yet its members hear where it went.
        reach = find_reach([actor.person], unseen)
        unseen = {project for project in unseen if not reach.holds(actor, project, None)}
    return unseen


def _next(_: tuple[()]) -> QuerySet[Event, tuple[Any, ...]]:
    behind = Event.objects.filter(log.after(Param("transaction"), Param("event")))
    return log.settled(behind).values_list(*COLUMNS, "user_id")


def _committed(_: tuple[()]) -> QuerySet[Event, tuple[int]]:
    behind = Event.objects.filter(log.after(Param("transaction"), Param("event")))
    return log.in_order(behind).values_list("pk")


def _open(_: tuple[()]) -> QuerySet[Project, tuple[int]]:
    return open_among(Param("projects")).values_list("pk")


def _members(_: tuple[()]) -> QuerySet[Member, tuple[int, int]]:
    return members_among(Param("users"), Param("projects")).values_list("project_id", "user_id")


def _memberships(_: tuple[()]) -> QuerySet[Member, tuple[int, int]]:
    return members_among(Param("users")).values_list("project_id", "user_id")


_NEXT = Compiled(_next, LIMITED)
_COMMITTED = Compiled(_committed, LIMITED)
_OPEN = Compiled(_open)
_MEMBERS = Compiled(_members)
_MEMBERSHIPS = Compiled(_memberships)
