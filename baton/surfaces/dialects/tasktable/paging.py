"""Pages by `limit` and `offset`, and the words of a search."""

from __future__ import annotations

from typing import Any

from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request

from baton.surfaces.wire.refusals import Refused
from baton.surfaces.wire.routes import LARGEST_ID

MOST_WORDS = 50
MOST_ROWS = 10_000


class Pages(LimitOffsetPagination):
    """The framework's pages, over rows that a query has cut already. What is no number is passed over.

    The original answered any number of tasks at once; here `next` goes on behind so many, to bound the memory.
    """

    default_limit = 10
    max_limit = MOST_ROWS

    def __init__(self, request: Request) -> None:
        self.request: Any = request
        self.limit: int = self.get_limit(request) or self.default_limit
        self.offset: int = min(self.get_offset(request), LARGEST_ID)

    def show(self, count: int, rows: list[dict[str, object]]) -> dict[str, object]:
        """Return a page of the rows."""
        self.count = count
        self.display_page_controls = count > self.limit
        return {"count": count, "next": self.get_next_link(), "previous": self.get_previous_link(), "results": rows}


def read_words(request: Request) -> tuple[str, ...]:
    """Return the words that are searched for, apart by spaces or commas. Raises Refused (400) for very many."""
    words = request.query_params.get("search", "").replace("\x00", "").replace(",", " ").split()
    if len(words) > MOST_WORDS:
        raise Refused(400, "too_many_words", f"At most {MOST_WORDS} words can be searched for.")
    return tuple(dict.fromkeys(words))
