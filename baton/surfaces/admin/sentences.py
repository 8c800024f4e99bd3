"""The event log in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from baton.core.models import Event, User

PHRASES = {
    "user.registered": "opened the account {username}",
    "user.profile_changed": "changed the profile",
    "user.password_changed": "set a new password",
    "user.password_set": "set another password for the account",
    "user.deactivated": "deactivated the account",
    "user.reactivated": "reactivated the account",
    "user.rights_changed": "changed the rights",
    "token.withdrawn": "revoked the API token {name}",
    "session.opened": "logged in ({audience})",
    "session.ended": "ended session {session} ({reason})",
    "project.created": "created the project",
    "project.edited": "changed the project",
    "project.trashed": "put the project into the trash",
    "project.restored": "took the project out of the trash",
    "project.purged": "deleted the project {key} for good",
    "member.added": "made {user} a member",
    "member.role_changed": "gave {user} another role",
    "member.removed": "took {user} out of the project",
    "task.created": "created the task {key}",
    "task.edited": "changed the task",
    "task.status_changed": "moved the task along",
    "task.assigned": "changed who works on the task",
    "task.moved": "moved the task",
    "task.left": "took the task {key} into another project",
    "task.trashed": "put the task into the trash",
    "task.restored": "took the task out of the trash",
    "task.purged": "deleted the task “{title}” for good",
    "task.watched": "began to watch the task",
    "task.unwatched": "stopped watching the task",
    "task.delegated": "handed the task from {giver} to {receiver}",
    "delegation.accepted": "accepted the task",
    "delegation.declined": "declined the task",
    "delegation.returned": "handed the task back",
    "comment.added": "commented",
    "comment.edited": "changed a comment",
    "comment.deleted": "deleted a comment",
    "comment.restored": "put a comment back",
    "attachment.added": "attached a file",
    "attachment.removed": "removed a file",
    "attachment.restored": "restored a file",
    "attachment.purged": "deleted a file for good",
    "file.removed": "deleted a shared file",
    "webhook.created": "made the webhook {webhook} to {origin}",
    "webhook.edited": "changed the webhook {webhook} to {origin}",
    "webhook.secret_rotated": "gave the webhook {webhook} a new secret",
    "webhook.pinged": "tested the webhook {webhook} to {origin}",
    "webhook.paused": "paused the webhook {webhook} to {origin} ({reason})",
    "webhook.resumed": "resumed the webhook {webhook} to {origin}",
    "webhook.replayed": "put the webhook {webhook} behind {after}",
    "webhook.deleted": "deleted the webhook {webhook} to {origin}",
}
"""What its actor did, by verb. A verb that isn't here speaks for itself."""

PEOPLE = frozenset({"user", "giver", "receiver", "author", "assigned_to", "assignees", "owner"})
"""The words of the log whose values are ids of users."""

HIDDEN = frozenset({"rank"})
"""What tells people nothing."""

LONGEST = 120
NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Change:
    """One field's old and new value, as people read them."""

    field: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.field}: {self.new}" if self.is_first else f"{self.field}: {self.old} → {self.new}"

    @property
    def is_first(self) -> bool:
        """Had the field no value before?"""
        return self.old == NOTHING


@dataclass(frozen=True, slots=True)
class Sentence:
    """One event for people: who, did what, and the changes."""

    event: Event
    actor: str
    phrase: str
    changes: list[Change]

    def __str__(self) -> str:
        changes = "; ".join(str(change) for change in self.changes)
        return f"{self.actor} {self.phrase}" + (f" ({changes})" if changes else "")


def tell(events: Iterable[Event]) -> list[Sentence]:
    """Return the events, which come with their actors, as sentences; names are looked up in one query."""
    events = list(events)
    names = dict(User.objects.filter(pk__in=set().union(*map(_people_in, events))).values_list("pk", "username"))
    return [_tell(event, names) for event in events]


def _tell(event: Event, names: Mapping[int, str]) -> Sentence:
    phrase = PHRASES.get(event.verb, event.verb.replace(".", " ").replace("_", " "))
    data = {word: _show(word, value, names) for word, value in event.data.items()}
    changes = [
        Change(field.replace("_", " "), _show(field, old, names), _show(field, new, names))
        for field, (old, new) in event.changes.items()
        if field not in HIDDEN
    ]
    actor = event.actor.username if event.actor else ("system" if event.actor_id is None else f"user {event.actor_id}")
    return Sentence(event, actor, phrase.format_map(_Known(data)), changes)


class _Known(dict[str, str]):
    """What an older event doesn't say is left open."""

    def __missing__(self, word: str) -> str:
        return "…"


def _people_in(event: Event) -> set[int]:
    said = [value for word, value in event.data.items() if word in PEOPLE]
    said += [value for word, values in event.changes.items() if word in PEOPLE for value in values]
    flat = [one for value in said for one in (value if isinstance(value, list) else [value])]
    return {one for one in flat if isinstance(one, int)}


def _show(word: str, value: Any, names: Mapping[int, str]) -> str:
    if value is None or value in ("", []):
        return NOTHING
    if isinstance(value, list):
        return ", ".join(_show(word, one, names) for one in value)
    if word in PEOPLE and isinstance(value, int):
        return names.get(value, f"user {value}")
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = _moment(value) if isinstance(value, str) and word.endswith(("_at", "_date")) else str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _moment(text: str) -> str:
    try:
        return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M} UTC"
    except ValueError:
        return text
