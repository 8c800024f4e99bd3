"""Rows beside a row in one of its cells, so that reading one thing whole takes one statement."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.expressions import Func, Subquery


class _Cells(Func):
    """The cells of a row as a JSON array. Unlike Django's `JSONArray` it is no `jsonb`, which is slower to print."""

    function = "JSON_ARRAY"
    output_field = models.TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        """Build it where `JSON_ARRAY` may be unknown yet."""
        return super().as_sql(compiler, connection, function="JSON_BUILD_ARRAY", **extra)


class Gathered(Subquery):
    """What a queryset has in these columns: the text of a JSON array with an array for each row, in any order.

    The queryset may point at the row around it with `OuterRef`. Where it is empty the cell is an empty array or null.
    For a few rows beside a few: a list reads those of all its rows at once, which is quicker.
    """

    def __init__(self, queryset: models.QuerySet[Any], *columns: str) -> None:
        cells = queryset.order_by().annotate(cells=_Cells(*columns)).values("cells")
        super().__init__(cells, output_field=models.TextField())

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        """Gather what SQLite takes for text as JSON."""
        template = "(SELECT JSON_GROUP_ARRAY(JSON(cells)) FROM (%(subquery)s))"
        return super().as_sql(compiler, connection, template, **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        """Gather, and keep psycopg from reading the JSON."""
        template = "(SELECT JSON_AGG(cells)::text FROM (%(subquery)s) AS given)"
        return super().as_sql(compiler, connection, template, **extra)
