"""Inserts of a few rows and updates, compiled to SQL once per model or shape (ADR 0002).

They do what `save` does, except that no signal is sent: nothing here listens to any.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, models
from django.db.models.expressions import DatabaseDefault
from django.db.models.sql import InsertQuery, UpdateQuery

from baton.lib.statements import Param, Statement, execute, with_constants

Shape = TypeVar("Shape", bound=Hashable)
Fields = tuple["models.Field[Any, Any]", ...]
Update = tuple["models.QuerySet[Any, Any]", Mapping[str, Any]]
"""The rows of an update, and what their columns become; `Param` stands where a value will be."""


class _Write(NamedTuple):
    """A statement whose parameters are the values of these fields, in this order."""

    statement: Statement
    fields: Fields


def insert(row: models.Model) -> None:
    """Save a new row and give it its id. Raises IntegrityError."""
    insert_all([row])


def insert_all(rows: Sequence[models.Model]) -> None:
    """Save new rows of one model with one statement, and give them their ids. Raises IntegrityError.

    There is SQL for each number of rows, so they are few: hundreds go through `many_rows`.
    """
    if not rows:
        return
    write = _insertion(connection.vendor, type(rows[0]), len(rows))
    keys = execute(write.statement, [value for row in rows for value in _values(write.fields, row, is_new=True)])
    for row, (key,) in zip(rows, keys, strict=True):
        row.pk = key
        row._state.adding = False
        row._state.db = DEFAULT_DB_ALIAS


def update(row: models.Model, columns: Sequence[str]) -> None:
    """Save these fields of a row, each by its name or its column's (`lead`, `lead_id`).

    Raises IntegrityError, and DatabaseError where the row is gone.
    """
    write = _change(connection.vendor, type(row), tuple(sorted(columns)))
    if not execute(write.statement, [*_values(write.fields, row, is_new=False), row.pk]):
        raise DatabaseError(f"There is no {row!r} any more.")


class CompiledUpdate(Generic[Shape]):
    """An update by its builder: `build(shape)` returns the rows' queryset and what their columns become."""

    def __init__(self, build: Callable[[Shape], Update]) -> None:
        self._build = build
        self._statements: dict[tuple[str, Shape], Statement] = {}

    def run(self, shape: Shape, values: Mapping[str, Any]) -> int:
        """Run the update of `shape` with `values` by parameter name; return how many rows it changed."""
        statement = self._statements.get((connection.vendor, shape)) or self._compile(shape)
        return len(execute(statement, statement.bind(values)))

    def _compile(self, shape: Shape) -> Statement:
        rows, columns = self._build(shape)
        query: UpdateQuery = rows.query.chain(UpdateQuery)  # type: ignore[assignment]
        query.add_update_values(dict(columns))
        sql, params = query.get_compiler(connection=connection).as_sql()
        statement = Statement(*with_constants(f"{sql} RETURNING 1", params))
        self._statements[connection.vendor, shape] = statement
        return statement


def _values(fields: Fields, row: models.Model, *, is_new: bool) -> list[Any]:
    present = connections[DEFAULT_DB_ALIAS]  # `connection` would look it up again for each field
    return [field.get_db_prep_save(field.pre_save(row, is_new), present) for field in fields]


@cache
def _insertion(vendor: str, model: type[models.Model], rows: int) -> _Write:  # noqa: ARG001  # a cache key
    # What the database fills in itself (`db_default`) is part of the SQL.
    filled = model()
    given: list[models.Field[Any, Any]] = []
    for field in model._meta.local_concrete_fields:
        if not field.primary_key and not isinstance(getattr(filled, field.attname), DatabaseDefault):
            setattr(filled, field.attname, Param(field.attname))
            given.append(field)
    query = InsertQuery(model)
    fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    query.insert_values(fields, [filled] * rows)
    compiler = query.get_compiler(connection=connection)
    compiler.returning_fields = [model._meta.pk]
    ((sql, params),) = compiler.as_sql()
    return _Write(Statement(sql, params), tuple(given))


@cache
def _change(vendor: str, model: type[models.Model], columns: tuple[str, ...]) -> _Write:  # noqa: ARG001  # a cache key
    by_name = {name: field for field in model._meta.local_concrete_fields for name in (field.name, field.attname)}
    fields = tuple(by_name[column] for column in columns)
    query: UpdateQuery = model._base_manager.filter(pk=Param("pk")).query.chain(UpdateQuery)  # type: ignore[assignment]
    query.add_update_fields([(field, model, Param(field.attname)) for field in fields])  # type: ignore[misc]
    sql, params = query.get_compiler(connection=connection).as_sql()
    key = connection.ops.quote_name(str(model._meta.pk.column))
    return _Write(Statement(f"{sql} RETURNING {key}", params), fields)
