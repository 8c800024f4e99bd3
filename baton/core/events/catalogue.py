"""Every event that Baton records, with `webhook_facts`. docs/events.md is made from this file."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import baton.core.events.webhook_facts  # noqa: F401  # enters what happens to webhooks
from baton.core.events.fact import CATALOGUE, Fact

__all__ = ["CATALOGUE", "Fact"]

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


class UserRegistered(Fact):
    """Somebody opened an account."""

    verb: ClassVar[str] = "user.registered"
    username: str


class ProfileChanged(Fact):
    """A user's particulars changed, by themselves or by an administrator."""

    verb: ClassVar[str] = "user.profile_changed"
    fields: ClassVar[tuple[str, ...]] = (
        "username",
        "email",
        "name",
        "first_name",
        "last_name",
        "avatar",
        "timezone",
        "language",
        "is_verified",
    )


class PasswordChanged(Fact):
    """A user set a new password, which ended their other sessions."""

    verb: ClassVar[str] = "user.password_changed"


class VerificationRequested(Fact):
    """Somebody asked for another letter that verifies an address; about nobody where it is no account's to verify."""

    verb: ClassVar[str] = "user.verification_requested"


class EmailVerified(Fact):
    """A user showed that they read the mail of their address."""

    verb: ClassVar[str] = "user.email_verified"
    fields: ClassVar[tuple[str, ...]] = ("is_verified",)


class PasswordResetRequested(Fact):
    """Somebody forgot a password; about nobody where the address is no account's."""

    verb: ClassVar[str] = "user.password_reset_requested"


class PasswordReset(Fact):
    """A user set a new password by a letter, which ended every session and API token of theirs, and their feed."""

    verb: ClassVar[str] = "user.password_reset"
    fields: ClassVar[tuple[str, ...]] = ("is_verified",)


class LoggedOutEverywhere(Fact):
    """A user ended every session and API token of theirs, and their feed."""

    verb: ClassVar[str] = "user.logged_out_everywhere"


class TokenCreated(Fact):
    """A user made an API token; with a `project` it opens that one only."""

    verb: ClassVar[str] = "token.created"
    token: int
    name: str
    scopes: list[str]
    project: int | None


class TokenRevoked(Fact):
    """A user revoked an API token."""

    verb: ClassVar[str] = "token.revoked"
    token: int


class DialectTokenIssued(Fact):
    """A user logged in through a dialect whose tokens last, and got one."""

    verb: ClassVar[str] = "dialect.token_issued"
    token: int
    dialect: str


class DialectTokenRevoked(Fact):
    """A user, or an administrator, revoked a user's token of a dialect."""

    verb: ClassVar[str] = "dialect.token_revoked"
    token: int
    dialect: str


class PasswordSet(Fact):
    """An administrator set a user's password, which ended the user's sessions."""

    verb: ClassVar[str] = "user.password_set"


class UserDeactivated(Fact):
    """An administrator closed an account, which ended its sessions; what its user made stays."""

    verb: ClassVar[str] = "user.deactivated"


class UserReactivated(Fact):
    """An administrator opened a closed account again."""

    verb: ClassVar[str] = "user.reactivated"


class RightsChanged(Fact):
    """A superuser changed what an account may do in the admin; `groups` are their names."""

    verb: ClassVar[str] = "user.rights_changed"
    fields: ClassVar[tuple[str, ...]] = ("is_staff", "is_superuser", "groups")


class TokenWithdrawn(Fact):
    """An administrator revoked somebody's API token."""

    verb: ClassVar[str] = "token.withdrawn"
    token: int
    name: str


class SessionOpened(Fact):
    """A user logged in."""

    verb: ClassVar[str] = "session.opened"
    session: int
    audience: str


class SessionEnded(Fact):
    """A session ended. `reason`: `logout`, `admin`, or `reuse` where an outdated refresh token came up again."""

    verb: ClassVar[str] = "session.ended"
    session: int
    reason: str


_PROJECT_FIELDS = (
    "key",
    "name",
    "description",
    "visibility",
    "assignees_edit",
    "unique_titles",
    "creators_decide",
    "owner",
)


class ProjectCreated(Fact):
    """A project was made; its creator is its owner."""

    verb: ClassVar[str] = "project.created"
    fields: ClassVar[tuple[str, ...]] = _PROJECT_FIELDS


class ProjectEdited(Fact):
    """A project's particulars changed."""

    verb: ClassVar[str] = "project.edited"
    fields: ClassVar[tuple[str, ...]] = _PROJECT_FIELDS


class ProjectTrashed(Fact):
    """A project and all in it went into the trash."""

    verb: ClassVar[str] = "project.trashed"


class ProjectRestored(Fact):
    """A project and all in it came back from the trash."""

    verb: ClassVar[str] = "project.restored"


class ProjectPurged(Fact):
    """A project was deleted for good after its time in the trash; its history stays."""

    verb: ClassVar[str] = "project.purged"
    key: str
    name: str


class MemberAdded(Fact):
    """Somebody became a member of a project. `changes.role` is `[null, role]`."""

    verb: ClassVar[str] = "member.added"
    fields: ClassVar[tuple[str, ...]] = ("role",)
    user: int


class MemberRoleChanged(Fact):
    """A member got another role."""

    verb: ClassVar[str] = "member.role_changed"
    fields: ClassVar[tuple[str, ...]] = ("role",)
    user: int


class MemberRemoved(Fact):
    """Somebody left a project or was taken out. `changes.role` is `[role, null]`."""

    verb: ClassVar[str] = "member.removed"
    fields: ClassVar[tuple[str, ...]] = ("role",)
    user: int


class ProjectInvited(Fact):
    """An owner invited somebody by an address, which only owners are shown, or sent the invitation once more."""

    verb: ClassVar[str] = "project.invited"
    invitation: int
    role: str


class InvitationWithdrawn(Fact):
    """An owner took an invitation back."""

    verb: ClassVar[str] = "project.invitation_withdrawn"
    invitation: int


class InvitationAccepted(Fact):
    """Somebody accepted an invitation; `member.added` follows unless they were a member already."""

    verb: ClassVar[str] = "project.invitation_accepted"
    invitation: int
    user: int


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


class CommentAdded(Fact):
    """Somebody commented on a task."""

    verb: ClassVar[str] = "comment.added"
    fields: ClassVar[tuple[str, ...]] = ("text",)
    comment: int


class CommentEdited(Fact):
    """An author changed their comment."""

    verb: ClassVar[str] = "comment.edited"
    fields: ClassVar[tuple[str, ...]] = ("text",)
    comment: int


class CommentDeleted(Fact):
    """A comment was deleted; `changes.text` keeps what it said."""

    verb: ClassVar[str] = "comment.deleted"
    fields: ClassVar[tuple[str, ...]] = ("text",)
    comment: int
    author: int
    created_at: datetime


class CommentRestored(Fact):
    """A deleted comment was put back as it was."""

    verb: ClassVar[str] = "comment.restored"
    fields: ClassVar[tuple[str, ...]] = ("text",)
    comment: int


ATTACHMENT_FIELDS = ("name", "size", "content_type", "sha256")


class AttachmentAdded(Fact):
    """Somebody attached a file to a task; `changes` says what it is."""

    verb: ClassVar[str] = "attachment.added"
    fields: ClassVar[tuple[str, ...]] = ATTACHMENT_FIELDS
    attachment: int


class AttachmentRemoved(Fact):
    """A file went into the trash."""

    verb: ClassVar[str] = "attachment.removed"
    fields: ClassVar[tuple[str, ...]] = ATTACHMENT_FIELDS
    attachment: int


class AttachmentRestored(Fact):
    """A file came back from the trash."""

    verb: ClassVar[str] = "attachment.restored"
    fields: ClassVar[tuple[str, ...]] = ATTACHMENT_FIELDS
    attachment: int


class AttachmentPurged(Fact):
    """A file in the trash was deleted for good."""

    verb: ClassVar[str] = "attachment.purged"
    attachment: int


class FileShared(Fact):
    """Somebody shared a file with everybody who has an account."""

    verb: ClassVar[str] = "file.shared"
    file: int
    name: str
    size: int
    sha256: str


class ProjectImported(Fact):
    """An `archive` or a `csv` file was imported (`source`); the events before this one tell what it brought."""

    verb: ClassVar[str] = "project.imported"
    source: str
    tasks: int
    comments: int
    attachments: int
    history: int


# The event's own actor and time are those of the import. All in its data is the archive's words, which nobody here
# vouches for: `told` is the verb there, and `actor` is empty where nobody acted.
class HistoryImported(Fact):
    """A fact of another server's history, in the words of an imported archive."""

    verb: ClassVar[str] = "history.imported"
    told: str
    actor: str
    at: str
    changes: dict[str, Any]
    details: dict[str, Any]


class CalendarFeedOpened(Fact):
    """Somebody got a secret address for their calendar feed; an older one stopped working."""

    verb: ClassVar[str] = "calendar.feed_opened"


class CalendarFeedClosed(Fact):
    """Somebody's calendar feed was revoked."""

    verb: ClassVar[str] = "calendar.feed_closed"
