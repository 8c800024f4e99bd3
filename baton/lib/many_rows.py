"""Writing hundreds of rows with few statements, without the ORM's cost for each row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import psycopg
from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

Columns = dict[str, Any]
Values = list[Any]
_PLAIN = frozenset({str, int, type(None)})


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
        alike.setdefault((model, names), []).append([*(columns[name] for name in names), key])
    for (model, names), values in alike.items():
        _update(model, names, values)


def _insert(model: type[models.Model], rows: list[models.Model]) -> None:
    """Insert rows of one model; a column that the first one leaves to its database default is left by all."""
    fields = [
        field
        for field in model._meta.concrete_fields
        if field is not model._meta.pk and not isinstance(getattr(rows[0], field.attname), DatabaseDefault)
    ]
    into = f"INSERT INTO {_table(model)} ({', '.join(_columns(fields))})"
    values = [[getattr(row, field.attname) for field in fields] for row in rows]
    if connection.vendor == "postgresql":
        _run_on_arrays(f"{into} SELECT * FROM {_arrays(fields)}", fields, values)  # noqa: S608 - names of columns
    else:
        _run_on_each(f"{into} VALUES ({', '.join(['%s'] * len(fields))})", fields, values)


def _update(model: type[models.Model], names: Sequence[str], rows: list[Values]) -> None:
    """Write the named columns of one model's rows; the last value of each row is its key."""
    fields: list[Any] = [*(model._meta.get_field(name) for name in names), model._meta.pk]
    *columns, key = _columns(fields)
    if connection.vendor == "postgresql":
        sets = ", ".join(f"{column} = given.{column}" for column in columns)
        given = f"{_arrays(fields)} AS given({', '.join([*columns, key])})"
        sql = f"UPDATE {_table(model)} AS row SET {sets} FROM {given} WHERE row.{key} = given.{key}"  # noqa: S608
        _run_on_arrays(sql, fields, rows)
    else:
        sets = ", ".join(f"{column} = %s" for column in columns)
        _run_on_each(f"UPDATE {_table(model)} SET {sets} WHERE {key} = %s", fields, rows)  # noqa: S608


def _run_on_each(sql: str, fields: Sequence[Any], rows: list[Values]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(sql, _prepared(fields, rows))


def _run_on_arrays(sql: str, fields: Sequence[Any], rows: list[Values]) -> None:
    """Run with one array for each column: half the time of as many statements as rows."""
    arrays = [list(column) for column in zip(*_prepared(fields, rows), strict=True)]
    # Bound on the server, unlike Django's own cursor, which would write all the values into the statement.
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(sql, arrays)


def _prepared(fields: Sequence[Any], rows: list[Values]) -> list[Values]:
    """Return the values as the database takes them."""
    prepare = [_preparation(field) for field in fields]
    return [[to_db(value) for to_db, value in zip(prepare, row, strict=True)] for row in rows]


def _preparation(field: Any) -> Callable[[Any], Any]:
    """Return what makes a value of the field into one of the database's. Most are so already, and nobody is asked."""
    if isinstance(field, models.JSONField):
        return lambda value: field.get_db_prep_save(value, connection)
    return lambda value: value if type(value) in _PLAIN else field.get_db_prep_save(value, connection)


def _arrays(fields: Sequence[Any]) -> str:
    # Without its length, to which a cast would cut a text where the column refuses it.
    types = [field.db_type(connection).partition("(")[0] for field in fields]
    return f"unnest({', '.join(f'%s::{type_}[]' for type_ in types)})"


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _columns(fields: Sequence[Any]) -> list[str]:
    return [connection.ops.quote_name(field.column) for field in fields]
