"""Projects and who is in them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from baton.core.models import Role
from baton.core.models.project import Visibility
from baton.core.queries.shapes.people import Person, show_avatar
from baton.core.queries.shapes.shape import Shape, one_of

RoleName = Annotated[str, one_of(*Role.values)]
VisibilityName = Annotated[str, one_of(*Visibility.values)]


class Member(Shape):
    """A person with their role in a project."""

    id: int
    username: str
    name: str
    avatar: str | None
    role: RoleName

    def __post_init__(self) -> None:
        if self.avatar is not None:
            show_avatar(self)


class Invitation(Shape):
    """Somebody asked into a project by an address, who has not answered."""

    id: int
    project: int
    email: str
    role: str
    invited_by: Person
    created_at: datetime
    expires_at: datetime


class Project(Shape):
    """A project with its members."""

    id: int
    uuid: UUID
    key: str
    name: str
    description: str
    visibility: VisibilityName
    assignees_edit: bool
    unique_titles: bool
    creators_decide: bool
    owner: Person
    members: list[Member]
    tasks_count: int
    created_at: datetime
    updated_at: datetime
    version: int
