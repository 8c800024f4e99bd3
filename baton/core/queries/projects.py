"""Asking for projects and their members."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from baton.core.actor import Actor
from baton.core.errors import NotFound
from baton.core.models import Member, Project
from baton.core.policies.visibility import projects_seen_by, viewer_values, visible_projects
from baton.core.queries import shapes
from baton.core.queries.keyset import Key, Page, PageShape, apply
from baton.core.queries.listing import Slice, run_page
from baton.core.queries.shapes import person_columns
from baton.lib.compiled import COUNTED, LIMITED, Compiled
from baton.lib.statements import Param, Row

COLUMNS = (
    "id",
    "uuid",
    "key",
    "name",
    "description",
    "visibility",
    "assignees_edit",
    "unique_titles",
    "creators_decide",
    "tasks_count",
    "created_at",
    "updated_at",
    "version",
    *person_columns("owner__"),
)
MEMBER_COLUMNS = (*person_columns("user__"), "role")
MEMBER_ORDERS = {
    "created_at": (Key("created_at"), Key("id")),
    "-created_at": (Key("created_at", descending=True), Key("id", descending=True)),
}
ORDERS = {
    "created_at": Key("created_at"),
    "updated_at": Key("updated_at"),
    "name": Key("name"),
    "key": Key("key"),
}


def get_project(actor: Actor, project_id: int) -> shapes.Project:
    """Return a project with its members. Raises NotFound where the actor doesn't see it."""
    rows = _ONE.rows((), {"project": project_id, **viewer_values(actor)})
    if not rows:
        raise NotFound
    return _projects_of(rows)[0]


def find_project_id(*, key: str | None = None, uuid: UUID | None = None) -> int | None:
    """Return the id of the project of this key, or of this UUID; in the trash it counts as none for a key.

    Which project it is, is no secret; what is in it is asked for as anybody's.
    """
    rows = _BY_UUID.rows((), {"uuid": uuid}) if uuid is not None else _BY_KEY.rows((), {"key": key})
    return rows[0][0] if rows else None


def list_projects(actor: Actor, ordering: str, page: Page) -> Slice[shapes.Project]:
    """Return a page of the projects the actor sees. `ordering` is a name of `ORDERS`, with `-` from high to low."""
    key = ORDERS[ordering.removeprefix("-")]
    descending = ordering.startswith("-")
    order = (Key(key.column, descending), Key("id", descending))
    shape = _ListShape(PageShape.of(order, page))
    return run_page(_LIST, shape, viewer_values(actor), page, len(order)).map(_projects_of)


def count_projects(actor: Actor) -> int:
    """Return how many projects the actor sees."""
    count: int = _COUNT.rows((), viewer_values(actor))[0][0]
    return count


def list_members(actor: Actor, project_id: int, ordering: str, page: Page) -> Slice[shapes.Member]:
    """Return a page of a project's members, who joined first comes first for `created_at`. Raises NotFound."""
    order = MEMBER_ORDERS[ordering]
    values = {"project": project_id, **viewer_values(actor)}
    found = run_page(_MEMBER_LIST, PageShape.of(order, page), values, page, len(order))
    if not found.items:
        _require_project(actor, project_id)
    return found.map(lambda rows: [shapes.Member(*row[:5]) for row in rows])


def count_members(actor: Actor, project_id: int) -> int:
    """Return how many members a project has that the actor sees."""
    count: int = _MEMBER_COUNT.rows((), {"project": project_id, **viewer_values(actor)})[0][0]
    return count


def get_member(actor: Actor, project_id: int, user_id: int) -> shapes.Member:
    """Return one member. Raises NotFound where the actor doesn't see the project, or the user is no member."""
    members = Member.objects.filter(project__in=visible_projects(actor), project=project_id, user=user_id)
    row = members.values_list(*MEMBER_COLUMNS).first()
    if row is None:
        raise NotFound
    return shapes.Member(*row)


def _require_project(actor: Actor, project_id: int) -> None:
    if not visible_projects(actor).filter(pk=project_id).exists():
        raise NotFound


class _ListShape(NamedTuple):
    page: PageShape


def _projects_of(rows: Sequence[Row]) -> list[shapes.Project]:
    members = _members_of([row[0] for row in rows])
    return [
        shapes.Project(*row[:9], shapes.Person(*row[13:17]), members[row[0]], *row[9:13])  # type: ignore[call-arg]
        for row in rows
    ]


def _members_of(project_ids: list[int]) -> dict[int, list[shapes.Member]]:
    members: dict[int, list[shapes.Member]] = {project_id: [] for project_id in project_ids}
    if project_ids:
        for project_id, *cells in _MEMBERS.rows((), {"projects": project_ids}):
            members[project_id].append(shapes.Member(*cells))
    return members


def _one(_: tuple[()]) -> QuerySet[Project, tuple[Any, ...]]:
    return projects_seen_by(Param("viewer")).filter(pk=Param("project")).values_list(*COLUMNS)


def _list(shape: _ListShape) -> QuerySet[Project, tuple[Any, ...]]:
    order = shape.page.order
    fields = [Project._meta.get_field(key.column) for key in order]
    seen = apply(projects_seen_by(Param("viewer")), shape.page, fields)
    return seen.values_list(*COLUMNS, *(key.column for key in order))


def _count(_: tuple[()]) -> QuerySet[Project, tuple[int]]:
    return projects_seen_by(Param("viewer")).values_list("pk")


def _members(_: tuple[()]) -> QuerySet[Member, tuple[Any, ...]]:
    rows = Member.objects.filter(project_id__any_of=Param("projects")).order_by("project_id", "created_at", "id")
    return rows.values_list("project_id", *MEMBER_COLUMNS)


def _members_seen() -> QuerySet[Member]:
    return Member.objects.filter(project=Param("project"), project__in=projects_seen_by(Param("viewer")))


def _member_list(shape: PageShape) -> QuerySet[Member, tuple[Any, ...]]:
    fields = [Member._meta.get_field(key.column) for key in shape.order]
    return apply(_members_seen(), shape, fields).values_list(*MEMBER_COLUMNS, *(key.column for key in shape.order))


def _member_count(_: tuple[()]) -> QuerySet[Member, tuple[int]]:
    return _members_seen().values_list("pk")


def _by_uuid(_: tuple[()]) -> QuerySet[Project, tuple[int]]:
    return Project.objects.filter(uuid=Param("uuid", Project._meta.get_field("uuid"))).values_list("pk")


def _by_key(_: tuple[()]) -> QuerySet[Project, tuple[int]]:
    return Project.objects.filter(key=Param("key"), trashed_at=None).values_list("pk")


_BY_UUID = Compiled(_by_uuid)
_BY_KEY = Compiled(_by_key)
_ONE = Compiled(_one)
_LIST = Compiled(_list, LIMITED)
_COUNT = Compiled(_count, COUNTED)
_MEMBERS = Compiled(_members)
_MEMBER_LIST = Compiled(_member_list, LIMITED)
_MEMBER_COUNT = Compiled(_member_count, COUNTED)
