"""What happens to tasks, and to who works on them."""

from __future__ import annotations

from typing import ClassVar

from baton.core.events.fact import Fact

TASK_FIELDS = (
    "title",
    "description",
    "status",
    "priority",
    "assigned_to",
    "assignees",
    "delegated",
    "parent",
    "labels",
    "due_date",
    "completed_at",
)


class TaskCreated(Fact):
    """A task was created; `changes` holds the first value of each field that has one."""

    verb: ClassVar[str] = "task.created"
    fields: ClassVar[tuple[str, ...]] = TASK_FIELDS
    key: str


class TaskEdited(Fact):
    """A task's words, date, priority, labels or parent changed."""

    verb: ClassVar[str] = "task.edited"
    fields: ClassVar[tuple[str, ...]] = ("title", "description", "priority", "parent", "labels", "due_date")


class TaskStatusChanged(Fact):
    """A task was moved along, or back."""

    verb: ClassVar[str] = "task.status_changed"
    fields: ClassVar[tuple[str, ...]] = ("status", "completed_at")


class TaskAssigned(Fact):
    """Other people work on a task now; `changes.assigned_to` is its lead."""

    verb: ClassVar[str] = "task.assigned"
    fields: ClassVar[tuple[str, ...]] = ("assigned_to", "assignees", "delegated")


class TaskMoved(Fact):
    """A task got another place in its project's order (`changes.rank` sorts it), or came from another project."""

    verb: ClassVar[str] = "task.moved"
    fields: ClassVar[tuple[str, ...]] = ("rank", "project", "key")


class TaskLeft(Fact):
    """A task went from this project into another one; `key` is what it was called here."""

    verb: ClassVar[str] = "task.left"
    key: str


class TaskTrashed(Fact):
    """A task went into the trash."""

    verb: ClassVar[str] = "task.trashed"


class TaskRestored(Fact):
    """A task came back from the trash."""

    verb: ClassVar[str] = "task.restored"


class TaskPurged(Fact):
    """A task was deleted for good after its time in the trash; its history stays."""

    verb: ClassVar[str] = "task.purged"
    title: str


class TaskWatched(Fact):
    """Somebody wants to hear about a task."""

    verb: ClassVar[str] = "task.watched"


class TaskUnwatched(Fact):
    """Somebody no longer wants to hear about a task."""

    verb: ClassVar[str] = "task.unwatched"


class TaskDelegated(Fact):
    """A task was handed on; the receiver is its lead now and owes an answer."""

    verb: ClassVar[str] = "task.delegated"
    fields: ClassVar[tuple[str, ...]] = ("assigned_to", "assignees", "delegated")
    delegation: int
    giver: int
    receiver: int
    note: str


class DelegationAccepted(Fact):
    """The receiver took the task on."""

    verb: ClassVar[str] = "delegation.accepted"
    delegation: int
    note: str


class DelegationDeclined(Fact):
    """The receiver declined; the task is with its previous lead again."""

    verb: ClassVar[str] = "delegation.declined"
    fields: ClassVar[tuple[str, ...]] = ("assigned_to", "assignees", "delegated")
    delegation: int
    note: str


class DelegationReturned(Fact):
    """The receiver handed the task back after accepting it."""

    verb: ClassVar[str] = "delegation.returned"
    fields: ClassVar[tuple[str, ...]] = ("assigned_to", "assignees", "delegated")
    delegation: int
    note: str
