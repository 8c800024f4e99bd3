"""Ids in paths."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.urls import register_converter

LARGEST_ID = 2**63 - 1


class IdConverter:
    """`<id:task_id>` in a route: a number that an id column can hold. Others match no route, which is a 404."""

    regex = "[0-9]{1,19}"
    schema: ClassVar[Mapping[str, Any]] = {"type": "integer", "format": "int64", "minimum": 1, "maximum": LARGEST_ID}

    def to_python(self, value: str) -> int:
        """Return the id. Raises ValueError, which Django takes for "no match"."""
        number = int(value)
        if number > LARGEST_ID:
            raise ValueError(value)
        return number

    def to_url(self, value: int) -> str:
        """Return the id as it stands in a path."""
        return str(value)


def find_id(text: str) -> int | None:
    """Return the id that stands in a path, None for what can be none: for views that say themselves what that means."""
    if not (text.isascii() and text.isdigit() and len(text) <= 19):
        return None
    number = int(text)
    return number if number <= LARGEST_ID else None


register_converter(IdConverter, "id")
