"""The PostgreSQL half of the event log's order (ADR 0006). SQLite needs none of it."""

from __future__ import annotations

from typing import Any

from django.db import migrations

# PL/pgSQL and not SQL: a session then plans a function once, not once per query.
#
# A transaction's number is era and xid8 in one bigint; the era only changes when a log is restored into a cluster
# whose transaction ids start lower.
TRANSACTION = """
CREATE FUNCTION baton_log_transaction() RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RETURN ((SELECT coalesce(max(era), 0) FROM core_logera)::bigint << 44) + pg_current_xact_id()::text::bigint;
END
$$
"""
# STABLE is what makes this safe, not only fast: the function then sees the snapshot of the query that calls it, so
# each transaction below the horizon is finished for the rows this very query returns.
#
# A snapshot tells of the whole cluster. A transaction that is seen at work in another database can't write here and is
# passed over, so that a neighbour's long one doesn't hold the log back. One that is no longer seen may have been ours:
# it counts. The horizon may therefore lie lower the next time; what is settled stays so.
HORIZON = """
CREATE FUNCTION baton_log_horizon() RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN ((SELECT coalesce(max(era), 0) FROM core_logera)::bigint << 44) + least(
        pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
        pg_current_xact_id_if_assigned()::text::bigint,
        (
            SELECT min(running::text::bigint) FROM pg_snapshot_xip(pg_current_snapshot()) AS running
            WHERE running::xid NOT IN (
                SELECT backend_xid FROM pg_stat_get_activity(NULL)
                WHERE backend_xid IS NOT NULL
                    AND datid <> (SELECT oid FROM pg_database WHERE datname = current_database())
            )
        )
    );
END
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
