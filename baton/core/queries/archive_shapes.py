"""The archive of a project, `baton.json`: what an export writes and an import reads.

People are named by `ref`, which is their username there; tasks by their numbers. Key order is part of the format.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

FORMAT = "baton-archive"
VERSION = 1
DOCUMENT = "baton.json"
FILES = "files/"


class Record(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A part of the archive."""


class Person(Record):
    """Somebody the archive names. Only an owner's export tells addresses."""

    ref: str
    name: str
    email: str | None


class Member(Record):
    """A person's role in the project."""

    person: str
    role: str


class Project(Record):
    """The project itself."""

    uuid: str
    key: str
    name: str
    description: str
    visibility: str
    owner: str
    last_number: int
    created_at: datetime
    updated_at: datetime
    members: list[Member]
    labels: list[str]


class Comment(Record):
    """What somebody said of a task."""

    author: str
    text: str
    created_at: datetime
    edited_at: datetime | None


class Delegation(Record):
    """A task handed on."""

    giver: str
    receiver: str
    state: str
    note: str
    answer: str
    created_at: datetime
    answered_at: datetime | None


class Attachment(Record):
    """A file; its content is `files/<sha256>`."""

    name: str
    size: int
    content_type: str
    sha256: str
    uploaded_by: str
    uploaded_at: datetime


class Task(Record):
    """A task with what hangs on it."""

    number: int
    uuid: str
    title: str
    description: str
    status: str
    priority: str
    assignees: list[str]
    delegated: bool
    parent: int | None
    labels: list[str]
    due_date: datetime | None
    rank: str
    created_by: str
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None
    comments: list[Comment]
    delegations: list[Delegation]
    attachments: list[Attachment]


class Fact(Record):
    """One fact of history, people and parents in it named as everywhere in the archive."""

    verb: str
    task: int | None
    actor: str | None
    at: str
    changes: dict[str, Any]
    details: dict[str, Any]


class Archive(Record):
    """All of it. `people` comes last, since it holds everybody that was named before."""

    format: str
    version: int
    project: Project
    tasks: list[Task]
    history: list[Fact]
    people: list[Person]
