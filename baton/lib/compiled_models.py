"""Querysets of models, compiled to SQL once per shape: their rows are instances (ADR 0002)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.query import get_related_populators

from baton.lib.compiled import ALL, Compiled, Form
from baton.lib.statements import Row

Shape = TypeVar("Shape", bound=Hashable)
Model = TypeVar("Model", bound=models.Model)


class CompiledModels(Compiled[Shape], Generic[Shape, Model]):
    """As `Compiled`, of a queryset of whole rows: `find` returns instances, with what `select_related` names."""

    def __init__(self, build: Callable[[Shape], models.QuerySet[Model, Model]], form: Form = ALL) -> None:
        super().__init__(build, form)
        self._makers: dict[tuple[str, Shape], _Maker] = {}

    def find(self, shape: Shape, values: Mapping[str, Any]) -> list[Model]:
        """Run the query of `shape` with `values` by parameter name; return the instances in its order."""
        rows = self.rows(shape, values)
        if not rows:
            return []
        maker = self._makers.get((connection.vendor, shape)) or self._remember(shape)
        return [maker.make(row) for row in rows]

    def first(self, shape: Shape, values: Mapping[str, Any]) -> Model | None:
        """Return the first of the instances, None where there is none."""
        found = self.find(shape, {**values, "limit": 1})
        return found[0] if found else None

    def _remember(self, shape: Shape) -> _Maker:
        # It is the same whatever confines the query: that adds conditions and no columns.
        maker = self._makers[connection.vendor, shape] = _Maker(self.build(shape))
        return maker


class _Maker:
    """Makes instances of a query's rows, as Django's own `ModelIterable` does."""

    def __init__(self, queryset: models.QuerySet[Any, Any]) -> None:
        compiler = queryset.query.get_compiler(connection=connection)
        compiler.pre_sql_setup()
        described, select = compiler.klass_info, compiler.select
        first, last = described["select_fields"][0], described["select_fields"][-1]
        self._model = described["model"]
        self._own = slice(first, last + 1)
        self._names = [column[0].target.attname for column in select[self._own]]
        self._related = get_related_populators(described, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # of 6.1
        columns = [column[0] for column in select]
        self._json = [
            (index, one) for index, one in enumerate(columns) if isinstance(one.output_field, models.JSONField)
        ]

    def make(self, row: Row) -> Any:
        """Return the instance of a row, with its related ones."""
        if self._json:
            row = self._parsed(row)
        made = self._model.from_db(DEFAULT_DB_ALIAS, self._names, row[self._own])
        for populator in self._related:
            populator.populate(row, made)
        return made

    def _parsed(self, row: Row) -> Row:
        cells = list(row)
        for index, column in self._json:
            cells[index] = column.output_field.from_db_value(cells[index], column, connection)
        return tuple(cells)
