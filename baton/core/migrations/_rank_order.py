"""Ranks are compared bytewise, whatever a PostgreSQL database's locale makes of letters. SQLite does so by itself."""

from __future__ import annotations

from typing import Any

from django.db import migrations

BYTEWISE = 'ALTER TABLE core_task ALTER COLUMN rank TYPE varchar(200) COLLATE "C"'
BY_LOCALE = 'ALTER TABLE core_task ALTER COLUMN rank TYPE varchar(200) COLLATE pg_catalog."default"'


def _compare_bytewise(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(BYTEWISE)


def _compare_by_locale(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(BY_LOCALE)


class CompareRanksBytewise(migrations.RunPython):
    """Give the ranks of tasks an order that no locale changes."""

    def __init__(self) -> None:
        super().__init__(_compare_bytewise, _compare_by_locale)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return how a migration file writes this operation."""
        return type(self).__qualname__, [], {}
