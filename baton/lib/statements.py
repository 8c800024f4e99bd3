"""SQL for the present database with holes for its values, and running it on Django's own connection."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models.expressions import Expression
from psycopg.types.datetime import TimestamptzLoader

Row = tuple[Any, ...]

_PLACEHOLDER = re.compile("%%|%s")


class Param(Expression):
    """A hole in a compiled query, filled by name when it runs. `field` converts the value for the database."""

    def __init__(self, name: str, field: models.Field[Any, Any] | None = None) -> None:
        super().__init__(output_field=field)
        self.name = name
        self.value_field = field

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Return one placeholder with this object itself where the value belongs."""
        return "%s", [self]


class Statement:
    """SQL for the present database, with `Param` among its parameters."""

    def __init__(self, sql: str, params: Sequence[Any]) -> None:
        self.sql = sql
        self.params = params
        # sqlite3's own placeholder, since the raw cursor is asked (`execute`).
        self.raw_sql = _PLACEHOLDER.sub(lambda found: "?" if found[0] == "%s" else "%", sql)

    def bind(self, values: Mapping[str, Any]) -> list[Any]:
        """Return the parameters in the order of the placeholders."""
        return [_bind(param, values) if isinstance(param, Param) else param for param in self.params]


def with_constants(sql: str, params: Sequence[Any]) -> tuple[str, list[Any]]:
    """Return the query with its constant strings and numbers written out.

    A prepared plan is good for any value of a parameter, so it leaves an index alone that holds rows of one state only.
    """
    waiting, left = iter(params), []

    def fill(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return found[0]
        value = next(waiting)
        if isinstance(value, str):
            return "'{}'".format(value.replace("'", "''").replace("%", "%%"))
        if isinstance(value, int) and not isinstance(value, bool):
            return f"({int(value)})"
        left.append(value)
        return found[0]

    return _PLACEHOLDER.sub(fill, sql), left


def _bind(param: Param, values: Mapping[str, Any]) -> Any:
    value = values[param.name]
    if isinstance(value, list):
        return _bind_list(value)
    return value if param.value_field is None else param.value_field.get_db_prep_value(value, connection)


def _bind_list(values: list[Any]) -> Any:
    if connection.vendor == "sqlite":
        return json.dumps(values)
    if {int}.issuperset(map(type, values)):
        # PostgreSQL's own way to write an array, whose type the column tells; psycopg would look through it for one.
        return f"{{{','.join(map(str, values))}}}"
    return values


def execute(statement: Statement, params: list[Any]) -> list[Row]:
    """Run on Django's connection, under its cursor wrappers only where somebody listens to queries."""
    present = connections[DEFAULT_DB_ALIAS]  # `connection` would look it up again for each of its attributes
    if present.queries_logged or present.execute_wrappers:
        with present.cursor() as cursor:
            cursor.execute(statement.sql, params)
            found: list[Row] = cursor.fetchall()
            return found
    present.validate_no_broken_transaction()
    present.ensure_connection()
    with present.wrap_database_errors:
        if present.vendor == "postgresql":
            # Bound on the server, unlike Django's default cursor, so that a prepared plan can be used again.
            with psycopg.Cursor(present.connection) as cursor:
                # Django's loader is Python and takes half of a long list's time; the session's zone is UTC anyhow.
                cursor.adapters.register_loader("timestamptz", TimestamptzLoader)
                return cursor.execute(statement.sql, params).fetchall()
        rows: list[Row] = present.connection.execute(statement.raw_sql, params).fetchall()
        return rows
