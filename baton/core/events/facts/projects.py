"""What happens to projects, their members and invitations."""

from __future__ import annotations

from typing import Any, ClassVar

from baton.core.events.fact import Fact

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
