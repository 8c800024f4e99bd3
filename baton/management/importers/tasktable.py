"""API TaskTable (000)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from baton.core.commands.old_systems import OldComment, OldSystem, OldTask
from baton.management.importers.databases import Source, find_table
from baton.management.importers.django_accounts import read_system
from baton.management.importers.media import read_files
from baton.management.importers.options import Options
from baton.management.importers.values import day, key, keys, moment, text

STATES = {"n": "todo", "w": "in_progress", "c": "done", "": "todo"}
TASK_COLUMNS = ("id", "name", "specification", "due_date", "creator_id", "performer_id", "status")
COMMENT_COLUMNS = ("id", "task_id", "description", "author_id", "post_date")


def read(source: Source, options: Options) -> OldSystem:
    """Return all that the database holds. Raises BadSource."""
    return read_system(
        source,
        options,
        "tasktable",
        tasks=list(_tasks(source)),
        comments=list(_comments(source)),
        files=list(read_files(options.media)),
    )


def _tasks(source: Source) -> Iterator[OldTask]:
    for row in source.rows(find_table(source, TASK_COLUMNS, "tasks", named="tasktable_task"), "id"):
        yield OldTask(
            old_id=key(row["id"]) or "",
            title=text(row["name"]),
            description=text(row["specification"]),
            status=STATES.get(text(row["status"]), "todo"),
            creator=key(row["creator_id"]),
            assignees=keys(row["performer_id"]),
            due_at=day(row["due_date"]),
        )


def _comments(source: Source) -> Iterator[OldComment]:
    for row in source.rows(find_table(source, COMMENT_COLUMNS, "comments", named="tasktable_comment"), "id"):
        yield OldComment(
            old_id=key(row["id"]) or "",
            task=key(row["task_id"]) or "",
            author=key(row["author_id"]) or "",
            text=text(row["description"]),
            at=moment(row["post_date"]) or datetime.now(UTC),
        )
