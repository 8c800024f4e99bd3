"""Querysets compiled to SQL once per shape and then run with parameters (ADR 0002).

Building and compiling a queryset costs more than running it. A hot query is therefore written as a function that
takes a hashable *shape* (which filters are set, the ordering …) and returns a `values_list` queryset in which `Param`
stands where a value will be. `Compiled` keeps the SQL of each shape, and runs it on Django's own connection, so that
transactions, error classes and the rollback of tests work as everywhere.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, tzinfo
from threading import Lock
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.transaction import TransactionManagementError

import baton.lib.lookups  # noqa: F401  # registers them
from baton.lib.statements import Param, Row, Statement, execute, with_constants

Shape = TypeVar("Shape", bound=Hashable)

WITHIN = "within"
"""The value that confines a query to one thing: an id, or None where nothing does. It decides which SQL is run."""

_FREE, _CONFINED, _UNSAID = "free", "confined", "unsaid"
_reach: ContextVar[str] = ContextVar("reach", default=_FREE)


def is_confined() -> bool:
    """Is the query that is being built for somebody confined to one thing, the parameter `WITHIN`?

    So a query is narrowed where it says what may be seen, and costs everybody else nothing. Raises LookupError where
    whoever runs the query has not said whether they are: what they may not see must not slip through.
    """
    reach = _reach.get()
    if reach == _UNSAID:
        raise LookupError(f"this query asks what somebody sees: its values need `{WITHIN}` (viewer_values(actor))")
    return reach == _CONFINED


@dataclass(frozen=True, slots=True)
class Form:
    """What is made of a query's SQL: all its rows, at most so many, or their number."""

    template: str
    is_limited: bool = False
    keeps_columns: bool = True
    holes: tuple[Param, ...] = ()

    def wrap(self, sql: str, params: Sequence[Any], limit: int) -> tuple[str, Sequence[Any]]:
        """Return the whole SQL and its parameters, of a query's own."""
        return self.template.format(sql, limit), (*params, *self.holes)


ALL = Form("{}")
LIMITED = Form("{} LIMIT {}", is_limited=True)
"""At most as many rows as the value `limit` says."""
NUMBERED = Form("{} LIMIT {} OFFSET %s", is_limited=True, holes=(Param("offset"),))
"""As LIMITED, behind as many rows as the value `offset` says: for pages that are asked for by their number."""
COUNTED = Form("SELECT COUNT(*) FROM ({}) AS counted", keeps_columns=False)
"""One row with the number of rows."""

# A limit is part of the SQL, rounded up, and the rest is cut off here: PostgreSQL plans a prepared statement for any
# value of a parameter, takes an unknown limit for a tenth of all rows, and then sorts them all.
_LIMITS = (1, 11, 21, 51, 101, 201)


def _rounded(limit: int) -> int:
    return next((step for step in _LIMITS if step >= limit), 1 << (limit - 1).bit_length())


class _Query(Statement):
    """The SQL of one shape on one database."""

    def __init__(self, queryset: models.QuerySet[Any, Any], form: Form, limit: int) -> None:
        compiler = queryset.query.get_compiler(connection=connection)
        sql, params = with_constants(*compiler.as_sql())
        super().__init__(*form.wrap(sql, params, limit))
        self.converters = self._converters(compiler) if form.keeps_columns else []
        self.locks = queryset.query.select_for_update

    @staticmethod
    def _converters(compiler: Any) -> list[tuple[int, Callable[[Any], Any]]]:
        """Return which columns need converting from the database's form, with how."""
        columns = [column[0] for column in compiler.select[: compiler.col_count]]
        found = []
        for index, (converters, expression) in compiler.get_converters(columns).items():
            if isinstance(expression.output_field, models.JSONField):
                continue  # JSON stays text: it goes to the wire as it is
            found.append((index, _chain(converters, expression)))
        return found


def _chain(converters: Sequence[Callable[..., Any]], expression: Any) -> Callable[[Any], Any]:
    if connection.vendor == "sqlite" and type(expression.output_field) is models.DateTimeField:
        return _aware(connection.timezone)

    def convert(value: Any) -> Any:
        for converter in converters:
            value = converter(value, expression, connection)
        return value

    return convert


def _aware(zone: tzinfo | None) -> Callable[[Any], Any]:
    # sqlite3 has parsed the time already; Django's way from there costs five times as much, on every cell.
    def convert(value: datetime | None) -> datetime | None:
        return None if value is None else value.replace(tzinfo=zone)

    return convert


class Compiled(Generic[Shape]):
    """A query by its builder: `build(shape)` returns the queryset, `rows` runs its SQL."""

    def __init__(
        self, build: Callable[[Shape], models.QuerySet[Any, Any]], form: Form = ALL, *, shapes: int = 500
    ) -> None:
        self.build = build
        self.form = form
        self._limit = shapes
        self._statements: OrderedDict[tuple[str, Shape, int, str], _Query] = OrderedDict()
        self._lock = Lock()

    def statement(self, shape: Shape, limit: int = 0, reach: str = _FREE) -> _Query:
        """Return the SQL of a shape and a limit, compiled at its first use; the least used ones are forgotten."""
        key = (connection.vendor, shape, limit, reach)
        with self._lock:
            if (found := self._statements.get(key)) is not None:
                self._statements.move_to_end(key)
                return found
        with _building(reach):
            found = _Query(self.build(shape), self.form, limit)
        with self._lock:
            self._statements[key] = found
            if len(self._statements) > self._limit:
                self._statements.popitem(last=False)
        return found

    def rows(self, shape: Shape, values: Mapping[str, Any]) -> list[Row]:
        """Run the query of `shape` with `values` by parameter name; return all rows, converted as the ORM would."""
        limit = values["limit"] if self.form.is_limited else None
        statement = self.statement(shape, 0 if limit is None else _rounded(limit), _reach_of(values))
        if statement.locks and not connection.in_atomic_block:
            raise TransactionManagementError("A row can be locked inside a transaction only.")
        rows = execute(statement, statement.bind(values))[:limit]
        if statement.converters:
            rows = [_converted(row, statement.converters) for row in rows]
        return rows


@contextmanager
def _building(reach: str) -> Iterator[None]:
    token = _reach.set(reach)
    try:
        yield
    finally:
        _reach.reset(token)


def _reach_of(values: Mapping[str, Any]) -> str:
    if WITHIN not in values:
        return _UNSAID
    return _FREE if values[WITHIN] is None else _CONFINED


def _converted(row: Row, converters: list[tuple[int, Callable[[Any], Any]]]) -> Row:
    cells = list(row)
    for index, convert in converters:
        cells[index] = convert(cells[index])
    return tuple(cells)
