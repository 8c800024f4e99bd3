"""Writing hundreds of rows with few statements, without the ORM's cost for each row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models.expressions import DatabaseDefault

Columns = dict[str, Any]
Values = tuple[Any, ...]

# What a database takes as it is, without asking the field; PostgreSQL gets it as JSON.
_PLAIN: Set[type] = {str, int, type(None)}
_JSON: Set[type] = _PLAIN | {bool, datetime, UUID, dict, list}


class OncePerStatement(models.Func):
    """A database default that is the same for all rows of a statement, and so need not be worked out for each."""


def write_inserts(rows: Iterable[models.Model]) -> None:
    """Insert the rows, those of each model in their order. The objects get no ids, and signals are not sent.

    A model whose rows are entries of a sum may have a static method `added_up` that returns fewer of them.
    """
    by_model: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(row)
    for model, alike in by_model.items():
        if left := getattr(model, "added_up", list)(alike):
            _insert(model, left)


def write_updates(updates: Iterable[tuple[models.Model, Columns]]) -> None:
    """Write columns of rows, each row once with the last values given for it; rows with the same columns together."""
    rows: dict[tuple[type[models.Model], Any], Columns] = {}
    for row, columns in updates:
        rows.setdefault((type(row), row.pk), {}).update(columns)
    alike: dict[tuple[type[models.Model], tuple[str, ...]], list[Values]] = {}
    for (model, key), columns in rows.items():
        names = tuple(sorted(columns))
        alike.setdefault((model, names), []).append((*[columns[name] for name in names], key))
    for (model, names), values in alike.items():
        _update(model, names, values)


def _insert(model: type[models.Model], rows: list[models.Model]) -> None:
    """Insert rows of one model; a column that the first one leaves to its database default is left by all."""
    fields: list[Any] = []
    once: list[Any] = []
    for field in model._meta.concrete_fields:
        if not isinstance(getattr(rows[0], field.attname), DatabaseDefault):
            fields.append(field)
        elif isinstance(field.db_default, OncePerStatement):
            once.append(field)
    fields.remove(model._meta.pk)
    values = [tuple([getattr(row, field.attname) for field in fields]) for row in rows]
    columns = _columns(fields)
    if connection.vendor == "postgresql":
        into = ", ".join([*columns, *_columns(once)])
        given = ", ".join([*columns, *(f"(SELECT {_sql(model, field.db_default)})" for field in once)])
        sql = f"INSERT INTO {_table(model)} ({into}) SELECT {given} FROM {_recordset(fields)}"  # noqa: S608 - columns
        _run_on_recordset(sql, fields, values)
    else:
        holes = ", ".join(["%s"] * len(fields))
        sql = f"INSERT INTO {_table(model)} ({', '.join(columns)}) VALUES ({holes})"  # noqa: S608 - names of columns
        _run_on_each(sql, fields, values)


def _update(model: type[models.Model], names: Sequence[str], rows: list[Values]) -> None:
    """Write the named columns of one model's rows; the last value of each row is its key."""
    fields: list[Any] = [*(model._meta.get_field(name) for name in names), model._meta.pk]
    *columns, key = _columns(fields)
    if connection.vendor == "postgresql":
        sets = ", ".join(f"{column} = given.{column}" for column in columns)
        sql = f"UPDATE {_table(model)} AS row SET {sets} FROM {_recordset(fields)} WHERE row.{key} = given.{key}"  # noqa: S608
        _run_on_recordset(sql, fields, rows)
    else:
        sets = ", ".join(f"{column} = %s" for column in columns)
        _run_on_each(f"UPDATE {_table(model)} SET {sets} WHERE {key} = %s", fields, rows)  # noqa: S608


def _run_on_each(sql: str, fields: Sequence[Any], rows: list[Values]) -> None:
    present = connections[DEFAULT_DB_ALIAS]  # `connection` would look it up again for each value
    columns = [
        column
        if _is_plain(column, _PLAIN) and not isinstance(field, models.JSONField)
        else [field.get_db_prep_save(value, present) for value in column]
        for field, column in zip(fields, zip(*rows, strict=True), strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.executemany(sql, list(zip(*columns, strict=True)))


def _run_on_recordset(sql: str, fields: Sequence[Any], rows: list[Values]) -> None:
    """Run with all rows as one JSON text, which costs a tenth of binding their values or arrays of them."""
    columns = [
        column if _is_plain(column, _JSON) else [field.get_prep_value(value) for value in column]
        for field, column in zip(fields, zip(*rows, strict=True), strict=True)
    ]
    names = [field.column for field in fields]
    text = msgspec.json.encode([dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)])
    # Bound on the server, unlike Django's own cursor, which would write it into the statement.
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(sql, [text.decode()])


def _is_plain(column: Values, plain: Set[type]) -> bool:
    """Are the values such as the database takes as they are? Most are, and no field is asked."""
    return plain >= {type(value) for value in column}


def _recordset(fields: Sequence[Any]) -> str:
    # Without its length, to which a cast would cut a text where the column refuses it.
    types = [field.db_type(connection).partition("(")[0] for field in fields]
    columns = [f"{name} {type_}" for name, type_ in zip(_columns(fields), types, strict=True)]
    return f"json_to_recordset(%s) AS given({', '.join(columns)})"


def _sql(model: type[models.Model], expression: Any) -> str:
    return str(model._base_manager.all().query.get_compiler(connection=connection).compile(expression)[0])


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _columns(fields: Sequence[Any]) -> list[str]:
    return [connection.ops.quote_name(field.column) for field in fields]
