"""The databases' own indexes of a search's words (ADR 0016)."""

from __future__ import annotations

from typing import Any

from django.db import migrations

# The words are made by Baton, so no parser, dictionary or locale of the database may touch them.
VECTOR = "array_to_tsvector(string_to_array(words, ' '))"
POSTGRESQL = (
    # Without the list of pending entries, which every search would have to read through.
    f"CREATE INDEX search_entry_words ON core_searchentry USING gin (({VECTOR})) WITH (fastupdate = off)",
    # The planner takes a word it has never met for one in 200 tasks, and rather reads all entries backwards until it
    # has met enough of them. In here it can only ask the index, which is quick for rare words and frequent ones.
    f"""
    CREATE FUNCTION baton_search(expression text, start bigint, direction integer)
    RETURNS SETOF bigint LANGUAGE sql STABLE ROWS 1000 SET enable_seqscan = off AS $$
        SELECT task_id FROM core_searchentry
        WHERE {VECTOR} @@ expression::tsquery AND CASE WHEN direction < 0 THEN task_id < start ELSE task_id > start END
        ORDER BY task_id * direction
    $$
    """,  # noqa: S608 - the expression above
    f"""
    CREATE FUNCTION baton_search_count(expression text, most integer)
    RETURNS bigint LANGUAGE sql STABLE SET enable_seqscan = off AS $$
        SELECT count(*) FROM (
            SELECT FROM core_searchentry WHERE {VECTOR} @@ expression::tsquery LIMIT most
        ) AS found
    $$
    """,  # noqa: S608 - the expression above
)
NOT_POSTGRESQL = (
    "DROP FUNCTION baton_search_count(text, integer)",
    "DROP FUNCTION baton_search(text, bigint, integer)",
    "DROP INDEX search_entry_words",
)

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
