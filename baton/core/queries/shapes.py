"""What queries give: the product's things as people read them, in the key order of the native API.

They are msgspec Structs so that a surface can put them on the wire as they are.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Protocol
from uuid import UUID

import msgspec
from django.conf import settings

from baton.core.models import Priority, Role, Status
from baton.core.models.delegation import DelegationState
from baton.core.models.delivery import DeliveryState
from baton.core.models.project import Visibility
from baton.core.models.webhook import PauseReason


def _one_of(*values: str) -> msgspec.Meta:
    return msgspec.Meta(extra_json_schema={"enum": list(values)})


# Texts of a closed set. The annotation is for the schema: what goes out is not checked again.
RoleName = Annotated[str, _one_of(*Role.values)]
VisibilityName = Annotated[str, _one_of(*Visibility.values)]
StatusName = Annotated[str, _one_of(*Status.values)]
PriorityName = Annotated[str, _one_of(*(priority.name.lower() for priority in Priority))]
StateName = Annotated[str, _one_of(*DelegationState.values)]
KindName = Annotated[str, _one_of("task", "project")]
FoundKind = Annotated[str, _one_of("task", "comment", "file")]
DeliveryStateName = Annotated[str, _one_of(*DeliveryState.values)]
PauseReasonName = Annotated[str, _one_of(*PauseReason.values)]
JsonObject = Annotated[msgspec.Raw, msgspec.Meta(extra_json_schema={"type": "object"})]


class Shape(msgspec.Struct, kw_only=False, gc=False):
    """A thing as it is shown."""


class HasAvatar(Protocol):
    """A shape with a picture."""

    avatar: str | None


def show_avatar(shape: HasAvatar) -> None:
    """Turn the picture's name in the store into its address.

    At the making of each shape, since people are built in many queries; most have no picture, which costs nothing.
    """
    if (name := shape.avatar) is not None and not name.startswith("http"):
        shape.avatar = avatar_url(name)


class Person(Shape):
    """Somebody, as other people see them."""

    id: int
    username: str
    name: str
    avatar: str | None

    def __post_init__(self) -> None:
        if self.avatar is not None:
            show_avatar(self)


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

    def __post_init__(self) -> None:
        if self.avatar is not None:
            show_avatar(self)


class Account(Shape):
    """Somebody, as they see themselves where a name has two parts."""

    uuid: UUID
    first_name: str
    last_name: str
    username: str
    email: str | None
    updated_at: datetime
    last_login: datetime | None
    is_superuser: bool


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
    role: RoleName

    def __post_init__(self) -> None:
        if self.avatar is not None:
            show_avatar(self)


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


class Task(Shape):
    """A task with its people and labels."""

    id: int
    uuid: UUID
    key: str
    project: int
    title: str
    description: str
    status: StatusName
    priority: PriorityName
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


class InboxTask(Shape):
    """A task of one's own inbox, in short."""

    id: int
    uuid: UUID
    title: str
    description: str
    status: StatusName
    created_at: datetime
    updated_at: datetime
    version: int


class BoardProject(Shape):
    """The project of a board, in short."""

    id: int
    key: str
    name: str
    visibility: VisibilityName
    version: int


class BoardColumn(Shape):
    """The tasks of one status in rank order; `count` says how many there are, shown or not."""

    status: StatusName
    tasks: list[Task]
    count: int


class Board(Shape):
    """A project's tasks by status."""

    project: BoardProject
    columns: list[BoardColumn]


class Comment(Shape):
    """A comment on a task."""

    id: int
    task: int
    author: Person
    text: str
    created_at: datetime
    edited_at: datetime | None


class Attachment(Shape):
    """A file on a task; `url` is where it is downloaded."""

    id: int
    task: int
    name: str
    size: int
    content_type: str
    sha256: str
    url: str
    uploaded_by: Person
    uploaded_at: datetime


class FoundTask(Shape):
    """A task as a search shows it."""

    id: int
    key: str
    project: int
    title: str
    status: StatusName


class Found(Shape):
    """What a search found: a task, and where in it. `snippet` is HTML, escaped, with `<mark>`.

    `kind` is `task` (`field`: `title`, `description` or `labels`), `comment` or `file`; `id` is that thing's own.
    """

    kind: FoundKind
    id: int
    task: FoundTask
    field: str
    snippet: str


class Delegation(Shape):
    """A task handed from the giver to the receiver."""

    id: int
    task: int
    giver: Person
    to: Person
    state: StateName
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
    changes: JsonObject
    data: JsonObject
    request_id: str


class Trashed(Shape):
    """A task or a project in the trash; `project` is the project's id, a project's own."""

    kind: KindName
    id: int
    key: str
    title: str
    project: int
    trashed_at: datetime
    expires_at: datetime


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


def avatar_url(name: str) -> str:
    """Return the address of an avatar, which everybody may load who knows it."""
    return f"{settings.BATON_BASE_URL}/media/{name}"


def attachment_url(attachment_id: int) -> str:
    """Return the address of a file's content."""
    return f"{settings.BATON_BASE_URL}/api/attachments/{attachment_id}/download/"


def person_columns(path: str = "") -> tuple[str, str, str, str]:
    """Return the columns that make a `Person`, reached over `path` (`lead__`)."""
    return (f"{path}id", f"{path}username", f"{path}name", f"{path}avatar")


def person_or_none(cells: tuple[Any, ...]) -> Person | None:
    """Return the person of four cells of a row, None for an outer join that met nobody."""
    return None if cells[0] is None else Person(*cells)


class Webhook(Shape):
    """A receiver of a project's events, or of one's own (without a project); `user` answers for it.

    `is_behind` says that it is catching up with the log. Its secret is never shown here.
    """

    id: int
    project: int | None
    user: Person
    url: str
    verbs: list[str]
    projects: list[int]
    is_active: bool
    paused_at: datetime | None
    paused_reason: PauseReasonName | None
    failing_since: datetime | None
    is_behind: bool
    created_at: datetime
    updated_at: datetime
    version: int


class NewWebhook(Webhook):
    """A webhook just made: the only time that its secret is shown."""

    secret: str


class Attempt(Shape):
    """One try of a delivery. `answer` is the beginning of what came back, `status` its HTTP status, if any did."""

    at: datetime
    status: int | None
    answer: str
    error: str
    duration_ms: int


class Delivery(Shape):
    """An event on its way to a webhook. `message_id` is what the receiver knows a repetition by."""

    id: int
    event: int
    verb: str
    message_id: str
    state: DeliveryStateName
    tries: int
    next_try_at: datetime | None
    last_error: str
    created_at: datetime
    finished_at: datetime | None
    attempts: list[Attempt]
