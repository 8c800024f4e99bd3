"""Reading what somebody searches for from a query."""

from __future__ import annotations

from baton.core.queries.search_words import NothingToFind, Words, read_words
from baton.surfaces.wire.query_parameters import BadValue, describes, words

LONGEST = 500

_read_text = words(LONGEST)


@describes({"type": "string", "maxLength": LONGEST, "pattern": r"\w", "examples": ["plants"]})
def read_search(text: str) -> Words:
    """Read the words to look for."""
    try:
        return read_words(_read_text(text))
    except NothingToFind as error:
        raise BadValue(error.code, error.detail) from None


@describes({"type": "string", "maxLength": LONGEST})
def read_search_box(text: str) -> Words | None:
    """Read what a list is narrowed by: nothing where the box is empty."""
    return read_search(text) if text.strip() else None
