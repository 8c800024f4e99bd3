"""What an importer reads out of an older system's database, in the product's words, and what came of importing it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OldUser:
    """Somebody's account.

    `password` is encoded as Django does it, or bare (`lib.old_hashes`), or empty where it can't be taken over.
    """

    old_id: str
    username: str
    password: str = ""
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    is_active: bool = True
    created_at: datetime | None = None
    uuid: UUID | None = None


@dataclass(frozen=True, slots=True)
class OldToken:
    """A token that its holder may go on using: `digest` is what is kept of it, empty where it can't be taken over."""

    digest: str
    user: str
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OldTask:
    """A task; people are their old ids. One without a creator is ownerless, and nobody's."""

    old_id: str
    title: str
    description: str
    status: str
    creator: str | None
    assignees: Sequence[str] = ()
    due_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    uuid: UUID | None = None


@dataclass(frozen=True, slots=True)
class OldComment:
    """What somebody said of a task."""

    old_id: str
    task: str
    author: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OldChange:
    """An entry of a task's history: what a field became, as the old system worded it."""

    old_id: str
    task: str
    field: str
    value: str
    said: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OldFile:
    """A file that was there for everybody, and where it can be read; nowhere, where it is none to be brought."""

    name: str
    path: Path | None


@dataclass(frozen=True, slots=True)
class OldSystem:
    """All that is read of an older system. `source` tells it from others, `dialect` is whose clients it had."""

    source: str
    dialect: str
    users: Sequence[OldUser]
    tasks: Sequence[OldTask]
    tokens: Sequence[OldToken] = ()
    comments: Sequence[OldComment] = ()
    changes: Sequence[OldChange] = ()
    files: Sequence[OldFile] = ()

    @property
    def size(self) -> int:
        """How many things there are, for a progress bar."""
        things = (self.users, self.tokens, self.tasks, self.comments, self.changes, self.files)
        return sum(map(len, things))


@dataclass(slots=True)
class OldSystemReport:
    """The outcome, by kind: what was made now, was here already, and what was left out; and what is worth knowing."""

    made: Counter[str] = field(default_factory=Counter)
    here: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)


Tell = Callable[[int], None]
"""Is told how many more things have been dealt with."""
