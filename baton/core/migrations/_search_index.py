"""The databases' own indexes of a search's words (ADR 0016)."""

from __future__ import annotations

from typing import Any

from django.db import migrations

# The words are made by Baton, so no parser, dictionary or locale of the database may touch them.
# Without the list of pending entries, which every search would have to read through.
POSTGRESQL = (
    """
    ALTER TABLE core_searchentry
    ADD COLUMN vector tsvector GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED
    """,
    "CREATE INDEX search_entry_vector ON core_searchentry USING gin (vector) WITH (fastupdate = off)",
)
NOT_POSTGRESQL = ("ALTER TABLE core_searchentry DROP COLUMN vector",)

# The `ascii` tokenizer leaves every other letter as it is. A beginning of two letters is four long with its mark.
SQLITE = (
    """
    CREATE VIRTUAL TABLE core_searchindex USING fts5(
        words, content='core_searchentry', content_rowid='task_id',
        tokenize="ascii tokenchars '_'", prefix='4 5', detail=none
    )
    """,
    """
    CREATE TRIGGER core_searchentry_added AFTER INSERT ON core_searchentry BEGIN
        INSERT INTO core_searchindex(rowid, words) VALUES (new.task_id, new.words);
    END
    """,
    """
    CREATE TRIGGER core_searchentry_removed AFTER DELETE ON core_searchentry BEGIN
        INSERT INTO core_searchindex(core_searchindex, rowid, words) VALUES ('delete', old.task_id, old.words);
    END
    """,
    """
    CREATE TRIGGER core_searchentry_changed AFTER UPDATE OF words ON core_searchentry BEGIN
        INSERT INTO core_searchindex(core_searchindex, rowid, words) VALUES ('delete', old.task_id, old.words);
        INSERT INTO core_searchindex(rowid, words) VALUES (new.task_id, new.words);
    END
    """,
)
# Removing the table of entries removes its triggers.
NOT_SQLITE = ("DROP TABLE core_searchindex",)


def _create(_apps: Any, schema_editor: Any) -> None:
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def _drop(_apps: Any, schema_editor: Any) -> None:
    for statement in NOT_POSTGRESQL if schema_editor.connection.vendor == "postgresql" else NOT_SQLITE:
        schema_editor.execute(statement)


class CreateSearchIndex(migrations.RunPython):
    """Make what finds a task by its words."""

    def __init__(self) -> None:
        super().__init__(_create, _drop)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return how a migration file writes this operation."""
        return type(self).__qualname__, [], {}
