"""issue-Tracker-REST (004)."""

from __future__ import annotations

from collections.abc import Iterator

from baton.core.commands.old_systems import OldSystem, OldTask
from baton.management.importers.databases import Source, find_table
from baton.management.importers.django_accounts import read_system
from baton.management.importers.options import Options
from baton.management.importers.values import key, keys, text

STATES = {"open": "todo", "closed": "done"}
ISSUE_COLUMNS = ("id", "created_by_id", "title", "description", "status", "assigned_to_id")


def read(source: Source, options: Options) -> OldSystem:
    """Return all that the database holds. Raises BadSource."""
    return read_system(source, options, "issuetracker", tasks=list(_issues(source)))


def _issues(source: Source) -> Iterator[OldTask]:
    for row in source.rows(find_table(source, ISSUE_COLUMNS, "issues", named="issue"), "id"):
        yield OldTask(
            old_id=key(row["id"]) or "",
            title=text(row["title"]),
            description=text(row["description"]),
            status=STATES.get(text(row["status"]), "todo"),
            creator=key(row["created_by_id"]),
            assignees=keys(row["assigned_to_id"]),
        )
