"""What queries give: the product's things as people read them, in the key order of the native API.

They are msgspec Structs so that a surface can put them on the wire as they are.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec


class Shape(msgspec.Struct, kw_only=False, gc=False):
    """A thing as it is shown."""


class Person(Shape):
    """Somebody, as other people see them."""

    id: int
    username: str
    name: str
    avatar: str | None


class Profile(Shape):
    """Somebody, as they see themselves."""

    id: int
    uuid: UUID
    username: str
    email: str | None
    name: str
    avatar: str | None
    is_verified: bool
    timezone: str
    language: str
    created_at: datetime


class Session(Shape):
    """A log-in of one's own; `current` is the one that asks."""

    id: int
    audience: str
    user_agent: str
    address: str | None
    created_at: datetime
    used_at: datetime
    expires_at: datetime
    current: bool


class ApiToken(Shape):
    """An API token of one's own; `hint` is the beginning of its secret."""

    id: int
    name: str
    hint: str
    scopes: list[str]
    project: int | None
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None


class NewApiToken(ApiToken):
    """A token just made: the only time that its secret is shown."""

    secret: str


class Invitation(Shape):
    """Somebody asked into a project by an address, who has not answered."""

    id: int
    project: int
    email: str
    role: str
    invited_by: Person
    created_at: datetime
    expires_at: datetime


class Member(Shape):
    """A person with their role in a project."""

    id: int
    username: str
    name: str
    avatar: str | None
    role: str


class Project(Shape):
    """A project with its members."""

    id: int
    uuid: UUID
    key: str
    name: str
    description: str
    visibility: str
    owner: Person
    members: list[Member]
    tasks_count: int
    created_at: datetime
    updated_at: datetime
    version: int


class Task(Shape):
    """A task with its people and labels."""

    id: int
    uuid: UUID
    key: str
    project: int
    title: str
    description: str
    status: str
    priority: str
    assigned_to: Person | None
    assignees: list[Person]
    delegated: bool
    parent: int | None
    labels: list[str]
    due_date: datetime | None
    created_by: Person
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None
    comments_count: int
    attachments_count: int
    version: int


class Comment(Shape):
    """A comment on a task."""

    id: int
    task: int
    author: Person
    text: str
    created_at: datetime
    edited_at: datetime | None


class Delegation(Shape):
    """A task handed from the giver to the receiver."""

    id: int
    task: int
    giver: Person
    to: Person
    state: str
    note: str
    answer: str
    created_at: datetime
    answered_at: datetime | None
    version: int


class Event(Shape):
    """One fact of history. `changes` and `data` are JSON as the log holds it."""

    cursor: str
    id: int
    verb: str
    project: int | None
    task: int | None
    actor: Person | None
    at: datetime
    changes: msgspec.Raw
    data: msgspec.Raw
    request_id: str


class Statistics(Shape):
    """Counts over tasks."""

    total: int
    by_status: dict[str, int]
    by_priority: dict[str, int]
    overdue: int
    due_soon: int
    unassigned: int
    created_last_7_days: int
    completed_last_7_days: int


def person_columns(path: str = "") -> tuple[str, str, str, str]:
    """Return the columns that make a `Person`, reached over `path` (`lead__`)."""
    return (f"{path}id", f"{path}username", f"{path}name", f"{path}avatar")


def person_or_none(cells: tuple[Any, ...]) -> Person | None:
    """Return the person of four cells of a row, None for an outer join that met nobody."""
    return None if cells[0] is None else Person(*cells)
