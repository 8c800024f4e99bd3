"""Running a search's expression inside a compiled query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.db.models import Q
from django.db.models.lookups import BuiltinLookup

from baton.lib.compiled import Form
from baton.lib.statements import Param

BEFORE_ALL, BEHIND_ALL = 0, 2**62
"""Ids below and above every task's."""


FREQUENT = 2_000
"""Where so many tasks were found, a list in another order rather looks for each of its own whether it is among them."""

_COUNT = {
    "sqlite": "SELECT count(*) FROM (SELECT 1 FROM core_searchindex(%s) LIMIT %s)",
    "postgresql": "SELECT baton_search_count(%s, %s)",
}


def fits(param: str, *, is_frequent: bool = False) -> Q:
    """Return the condition that a task's entry fits the expression that this parameter holds.

    `is_frequent` where so many do that the database had better not start with them.
    """
    return Q(pk__found_among=Param(param)) if is_frequent else Q(pk__found_by=Param(param))


def is_frequent(expression: str) -> bool:
    """Do many tasks fit the expression, whoever sees them?"""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT[connection.vendor], [expression, FREQUENT])
        found: int = cursor.fetchone()[0]
    return found >= FREQUENT


class FoundBy(BuiltinLookup):
    """`pk__found_by=Param(…)`: the task's entry fits the expression; the database may start with those that do."""

    lookup_name = "found_by"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        """Ask the FTS5 table."""
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} IN (SELECT rowid FROM core_searchindex(%s))", [*params, self.rhs]  # noqa: S608 - a column

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        """Ask the GIN index, in no order."""
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} IN (SELECT * FROM baton_search(%s, {BEFORE_ALL}, 0))", [*params, self.rhs]  # noqa: S608 - a column


class FoundAmong(FoundBy):
    """`pk__found_among=Param(…)`: the same, but looked up for each task that comes up otherwise."""

    lookup_name = "found_among"

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        """Keep SQLite from starting with it: a plus is no column."""
        sql, params = super().as_sqlite(compiler, connection)
        return f"+{sql}", params

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        """Keep PostgreSQL from making a join of it: it looks into a table of what was found instead."""
        sql, params = super().as_postgresql(compiler, connection)
        return f"({sql}) IS TRUE", params


@dataclass(frozen=True, slots=True)
class FoundInOrder(Form):
    """What a query gives for the tasks that fit the parameter `expression`, in the order of their ids.

    They come from the index one by one, behind the id `start`, and only until there are as many as were asked for. The
    query's first column is the task's id, named `pk`.
    """

    is_descending: bool = True

    def wrap(self, sql: str, params: Sequence[Any], limit: int) -> tuple[str, Sequence[Any]]:
        """Return the query joined to what was found."""
        wrap = self._wrap_for_postgresql if connection.vendor == "postgresql" else self._wrap_for_sqlite
        return wrap(sql, params, limit)

    def _wrap_for_sqlite(self, sql: str, params: Sequence[Any], limit: int) -> tuple[str, Sequence[Any]]:
        sign, direction = ("<", "DESC") if self.is_descending else (">", "ASC")
        # A cross join keeps its order: first the index, then the task.
        wrapped = f"""
            SELECT seen.* FROM core_searchindex(%s) AS found CROSS JOIN ({sql}) AS seen ON seen.pk = found.rowid
            WHERE found.rowid {sign} %s ORDER BY found.rowid {direction} LIMIT {limit}
        """  # noqa: S608 - the ORM's SQL and words of ours
        return wrapped, (Param("expression"), *params, Param("start"))

    def _wrap_for_postgresql(self, sql: str, params: Sequence[Any], limit: int) -> tuple[str, Sequence[Any]]:
        direction = -1 if self.is_descending else 1
        # By the ordinality the planner knows that they are in order, and sorts nothing.
        wrapped = f"""
            SELECT seen.* FROM baton_search(%s, %s::bigint, {direction}) WITH ORDINALITY AS found(id, place)
            JOIN ({sql}) AS seen ON seen.pk = found.id
            ORDER BY found.place LIMIT {limit}
        """  # noqa: S608 - the ORM's SQL and words of ours
        return wrapped, (Param("expression"), Param("start"), *params)


models.BigAutoField.register_lookup(FoundBy)
models.BigAutoField.register_lookup(FoundAmong)
