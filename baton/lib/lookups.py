"""Conditions on lists and subqueries, as compiled queries need them; imported to be registered."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.lookups import BuiltinLookup


class AnyOf(BuiltinLookup):
    """`field__any_of=Param(…)`: the column is one of a list of integers, in a single parameter."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        """Compare with the elements of a JSON array."""
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} IN (SELECT value FROM json_each(%s))", [*params, self.rhs]  # noqa: S608  # lhs is a column

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        """Compare with the elements of an array."""
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} = ANY(%s)", [*params, self.rhs]


class Among(BuiltinLookup):
    """`field__among=queryset`: the column is one of the queryset's single column, which is read once for all rows.

    A plain `IN` may become a join on PostgreSQL, whose planner then guesses how much of it matches.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        """Compare with the rows of the subquery, which SQLite keeps in a table of its own.

        The plus keeps it from starting there: it would fetch and sort all rows where the order's index has them sorted.
        """
        return self._compare(compiler, connection, "+{} IN {}")

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        """Compare with the elements of an array made of the subquery."""
        return self._compare(compiler, connection, "{} = ANY(ARRAY{})")

    def _compare(self, compiler: Any, connection: Any, template: str) -> tuple[str, list[Any]]:
        lhs, lhs_params = self.process_lhs(compiler, connection)
        rhs, rhs_params = self.process_rhs(compiler, connection)
        return template.format(lhs, rhs), [*lhs_params, *rhs_params]


for _lookup in (AnyOf, Among):
    models.Field.register_lookup(_lookup)
    models.ForeignKey.register_lookup(_lookup)
