"""The PostgreSQL half of the event log's order (ADR 0006). SQLite needs none of it."""

from __future__ import annotations

from typing import Any

from django.db import migrations

# A transaction's number is era and xid8 in one bigint; the era only changes when a log is restored into a cluster
# whose transaction ids start lower.
TRANSACTION = """
CREATE FUNCTION baton_log_transaction() RETURNS bigint LANGUAGE sql VOLATILE AS $$
    SELECT ((SELECT coalesce(max(era), 0) FROM core_logera)::bigint << 44) + pg_current_xact_id()::text::bigint
$$
"""
# STABLE is what makes this safe, not only fast: the function then sees the snapshot of the query that calls it, so
# each transaction below the horizon is finished for the rows this very query returns.
HORIZON = """
CREATE FUNCTION baton_log_horizon() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT ((SELECT coalesce(max(era), 0) FROM core_logera)::bigint << 44)
        + pg_snapshot_xmin(pg_current_snapshot())::text::bigint
$$
"""


def _create(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(TRANSACTION)
        schema_editor.execute(HORIZON)


def _drop(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION baton_log_transaction()")
        schema_editor.execute("DROP FUNCTION baton_log_horizon()")


class CreateLogFunctions(migrations.RunPython):
    """Make the functions that number transactions and tell which are finished."""

    def __init__(self) -> None:
        super().__init__(_create, _drop)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return how a migration file writes this operation."""
        return type(self).__qualname__, [], {}
