"""`field__holds=Param(…)`: a text stands in the column, whatever its case, in every alphabet on every database."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.lookups import BuiltinLookup

from baton.lib.text import fold

_FOLD = "baton_fold"


class Holds(BuiltinLookup):
    """The column's text has the parameter somewhere in it."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        """Fold both in Python, since SQLite knows the case of ASCII letters only."""
        lhs, params = self.process_lhs(compiler, connection)
        return f"instr({_FOLD}({lhs}), {_FOLD}(%s)) > 0", [*params, self.rhs]

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        """Have the database fold both, as it does for `ILIKE`, without a pattern's special characters."""
        lhs, params = self.process_lhs(compiler, connection)
        return f"strpos(upper({lhs}), upper(%s)) > 0", [*params, self.rhs]


def teach_sqlite_to_fold(connection: Any, **_given: Any) -> None:
    """Give a new SQLite connection the function that `Holds` calls: a receiver of `connection_created`."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(_FOLD, 1, _fold, deterministic=True)


def _fold(text: str | None) -> str | None:
    return None if text is None else fold(text)


models.Field.register_lookup(Holds)
