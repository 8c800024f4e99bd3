"""What an import did, or would do."""

from __future__ import annotations

from dataclasses import dataclass, field

from baton.core.errors import FieldError


@dataclass(slots=True)
class Created:
    """How many of each there are now."""

    projects: int = 0
    tasks: int = 0
    comments: int = 0
    attachments: int = 0
    labels: int = 0
    history: int = 0


@dataclass(slots=True)
class Matched:
    """Whom the file names, as it names them: those who work here, and those who are not known."""

    matched: list[str] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Report:
    """The outcome. After a dry run nothing of it has stayed, and `errors` is what stands in the way."""

    kind: str
    project_id: int | None = None
    project_key: str = ""
    created: Created = field(default_factory=Created)
    people: Matched = field(default_factory=Matched)
    notes: list[str] = field(default_factory=list)
    errors: list[FieldError] = field(default_factory=list)


class DryRun(Exception):
    """Undoes the transaction of an import that was only a try."""
