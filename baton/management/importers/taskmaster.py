"""api.taskmaster-django (001). Its tokens run out within days, so nobody's are taken over."""

from __future__ import annotations

from collections.abc import Iterator

from baton.core.commands.old_systems import OldSystem, OldTask
from baton.management.importers.databases import Source, find_column, find_table
from baton.management.importers.django_accounts import read_users
from baton.management.importers.options import Options
from baton.management.importers.values import key, moment, text, uuid_or_none

STATES = {"TO DO": "todo", "IN PROGRESS": "in_progress", "DONE": "done"}
TASK_COLUMNS = ("id", "title", "description", "status_task", "date_created", "last_updated")
OWNERS = ("user_id", "owner_id", "created_by_id", "creator_id", "author_id")
"""What the column of a task's owner may be called; the original's documents don't say."""


def read(source: Source, options: Options) -> OldSystem:
    """Return all that the database holds. Raises BadSource."""
    return OldSystem(
        options.source,
        "taskmaster",
        users=list(read_users(source, more=("last_updated", "is_superuser"))),
        tasks=list(_tasks(source)),
    )


def _tasks(source: Source) -> Iterator[OldTask]:
    table = find_table(source, TASK_COLUMNS, "tasks", named="task")
    owner = find_column(source, table, *OWNERS)
    for row in source.rows(table, "date_created"):
        yield OldTask(
            old_id=key(row["id"]) or "",
            title=text(row["title"]),
            description=text(row["description"]),
            status=STATES.get(text(row["status_task"]), "todo"),
            creator=key(row[owner]),
            created_at=moment(row["date_created"]),
            updated_at=moment(row["last_updated"]),
            uuid=uuid_or_none(row["id"]),
        )
