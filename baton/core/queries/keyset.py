"""Paging by the sort keys of the last row seen, so that inserts move nobody's page.

An order is a tuple of `Key`s whose last one is unique. Rows without a value stand last in either direction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import OrderBy

from baton.lib.statements import Param

Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """One sort key: the model's column and its direction; `nullable` where rows may lack it."""

    column: str
    descending: bool = False
    nullable: bool = False


Order = tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Which page: at most `size` rows behind (or, `backwards`, before) the row with the sort keys `start`."""

    size: int
    start: Values | None = None
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class PageShape:
    """What of a page changes its SQL: the order, where it starts from, and which start values are missing."""

    order: Order
    backwards: bool
    start_nulls: tuple[bool, ...] | None

    @classmethod
    def of(cls, order: Order, page: Page) -> PageShape:
        """Return the shape of a page in an order."""
        nulls = None if page.start is None else tuple(value is None for value in page.start)
        return cls(order, page.backwards, nulls)


def apply(queryset: models.QuerySet[Any, Any], shape: PageShape, fields: Sequence[Any]) -> models.QuerySet[Any, Any]:
    """Return the queryset in the page's order and behind its start; `fields` convert the start values.

    The values are the parameters `start_0`, `start_1`, … (`start_values`).
    """
    if shape.start_nulls is not None:
        queryset = queryset.filter(_behind(shape, fields))
    return queryset.order_by(*(_ordering(key, backwards=shape.backwards) for key in shape.order))


def start_values(page: Page) -> dict[str, Any]:
    """Return the parameters of a page's start."""
    return {f"start_{index}": value for index, value in enumerate(page.start or ())}


def _ordering(key: Key, *, backwards: bool) -> OrderBy:
    nulls: dict[str, Any] = {}
    if key.nullable:
        nulls = {"nulls_first": True} if backwards else {"nulls_last": True}
    return F(key.column).desc(**nulls) if key.descending != backwards else F(key.column).asc(**nulls)


def _behind(shape: PageShape, fields: Sequence[Any]) -> Q:
    """Return: the first key lies behind the start's, or it is equal and the second lies behind, and so on."""
    condition = Q()
    for index in reversed(range(len(shape.order))):
        further, same = _compare(shape, index, fields[index])
        condition = further | (same & condition) if condition else further
    return condition & _bound(shape, fields[0])


def _bound(shape: PageShape, field: models.Field[Any, Any] | None) -> Q:
    """Return the first key's part of the condition once more, in the one form a database reads an index range by."""
    key = shape.order[0]
    if key.nullable:
        return Q()
    operator = "lte" if key.descending != shape.backwards else "gte"
    return Q(**{f"{key.column}__{operator}": Param("start_0", field)})


def _compare(shape: PageShape, index: int, field: models.Field[Any, Any] | None) -> tuple[Q, Q]:
    """Return the conditions that a row's key lies behind the start's, and that it is the same."""
    key, is_null = shape.order[index], bool(shape.start_nulls and shape.start_nulls[index])
    missing = Q(**{f"{key.column}__isnull": True})
    if is_null:
        return (~missing if shape.backwards else Q(pk__in=())), missing
    value = Param(f"start_{index}", field)
    operator = "lt" if key.descending != shape.backwards else "gt"
    further = Q(**{f"{key.column}__{operator}": value})
    if key.nullable and not shape.backwards:
        further |= missing
    return further, Q(**{key.column: value})
