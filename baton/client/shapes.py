"""What the server shows, typed. Fields that a newer server adds are passed over."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec

T = TypeVar("T")


class Person(msgspec.Struct):
    """Somebody, as other people see them."""

    id: int
    username: str
    name: str
    avatar: str | None = None


class Profile(Person, kw_only=True):
    """One's own account."""

    uuid: UUID
    email: str | None
    is_verified: bool
    timezone: str
    language: str
    created_at: datetime


class Member(Person, kw_only=True):
    """A person with their role in a project: `owner`, `editor` or `viewer`."""

    role: str


class Project(msgspec.Struct):
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


class Task(msgspec.Struct):
    """A task with its people and labels; `assigned_to` is the first of `assignees`."""

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


class Comment(msgspec.Struct):
    """A comment on a task."""

    id: int
    task: int
    author: Person
    text: str
    created_at: datetime
    edited_at: datetime | None


class Delegation(msgspec.Struct):
    """A task handed on; `state` is `open`, `accepted`, `declined` or `returned` and what else the server knows."""

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


class Event(msgspec.Struct):
    """One fact of history. `cursor` is its place in the log: following goes on behind it."""

    cursor: str
    id: int
    verb: str
    project: int | None
    task: int | None
    actor: Person | None
    at: datetime
    changes: dict[str, Any]
    data: dict[str, Any]
    request_id: str


class Page(msgspec.Struct, Generic[T]):
    """One page of a list; `count` is there where it was asked for."""

    results: list[T]
    next: str | None = None
    previous: str | None = None
    count: int | None = None


class EventPage(msgspec.Struct):
    """Some events in commit order, and the cursor to go on from, also where there are none."""

    results: list[Event]
    cursor: str
    next: str | None = None


class Tokens(msgspec.Struct, frozen=True):
    """What a log-in gives: `access` goes with every request, `refresh` buys the next pair, once."""

    access: str
    refresh: str
