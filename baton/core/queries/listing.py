"""A page of rows from a compiled query, with the keys from which its neighbours start."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

from baton.core.queries.keyset import Page, Values, start_values
from baton.lib.compiled import Compiled
from baton.lib.statements import Row

Item = TypeVar("Item")
Shape = TypeVar("Shape", bound=Hashable)


@dataclass(slots=True)
class Slice(Generic[Item]):
    """One page. `next_keys` are the sort keys of its last row where more follow, `previous_keys` of its first."""

    items: list[Item]
    next_keys: Values | None = None
    previous_keys: Values | None = None

    def map(self, build: Callable[[list[Item]], list[Any]]) -> Slice[Any]:
        """Return the same page with its items turned into others, all at once."""
        return Slice(build(self.items), self.next_keys, self.previous_keys)


def run_page(query: Compiled[Shape], shape: Shape, values: dict[str, Any], page: Page, keys: int) -> Slice[Row]:
    """Run a paged query, whose last `keys` columns are its sort keys and whose limit is the parameter `limit`.

    One row more than the page holds tells whether there are more behind it.
    """
    return cut(query.rows(shape, {**values, **start_values(page), "limit": page.size + 1}), page, keys)


def cut(rows: list[Row], page: Page, keys: int) -> Slice[Row]:
    """Return a page of the rows that its query found, one more than it holds where there are so many."""
    more = len(rows) > page.size
    rows = rows[: page.size]
    if page.backwards:
        rows.reverse()
    if not rows:
        return Slice(rows)
    has_next, has_previous = (True, more) if page.backwards else (more, page.start is not None)
    return Slice(rows, rows[-1][-keys:] if has_next else None, rows[0][-keys:] if has_previous else None)


def page_by_time(rows: QuerySet[Any], ordering: str, page: Page) -> list[Any]:
    """Return one row more than the page holds, by `created_at` and the id, for lists read too seldom to be compiled."""
    is_descending = ordering.startswith("-") != page.backwards
    if page.start is not None:
        at, pk = page.start
        operator = "lt" if is_descending else "gt"
        same = rows.filter(**{"created_at": at, f"pk__{operator}": pk})
        rows = same | rows.filter(**{f"created_at__{operator}": at})
    sign = "-" if is_descending else ""
    return list(rows.order_by(f"{sign}created_at", f"{sign}pk")[: page.size + 1])
