"""Lists in pages: keyset cursors, the envelope and the `Link` header (RFC 8288).

A cursor is base64url of a JSON array: the direction, the ordering it belongs to, and the sort keys of the row that the
page follows. It is opaque, not secret: what a caller may see is decided by the query, never by the cursor.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import msgspec
from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request

from baton.core.errors import FieldError
from baton.surfaces.wire.query_parameters import (
    BadValue,
    Reader,
    describes,
    number,
    one_of,
    query_pairs,
    read_bool,
    read_pairs,
)
from baton.surfaces.wire.refusals import bad_query
from baton.surfaces.wire.respond import json_response
from baton.surfaces.wire.strict_json import is_storable

PAGE_SIZE = 50
LARGEST_PAGE = 200
LONGEST_CURSOR = 6000

# The types a sort key may have, with the bounds of a column.
Number = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Text = Annotated[str, msgspec.Meta(max_length=1000)]
KEY_TYPES: Mapping[object, Any] = {int: Number, datetime: Moment, str: Text, float: float}

_read_size = number(1, LARGEST_PAGE)


@dataclass(frozen=True, slots=True)
class PageRequest:
    """The page that was asked for. `after` holds the sort keys of the row it follows, in the order of `ordering`.

    `backwards` means the rows before that one; the query turns the order round and the view gets them turned back.
    """

    size: int = PAGE_SIZE
    ordering: str = ""
    after: tuple[Any, ...] | None = None
    backwards: bool = False
    count: bool = False


class Listing:
    """What one list takes: its filters and its orderings, each ordering with the types of its sort keys.

    Made once per view::

        TASKS = Listing(
            filters={"project": read_id, "status": some_of(*Status.values)},
            orderings={"created_at": (datetime, int), "due_date": (datetime | None, int)},
            default="-created_at",
        )
        filters, page = TASKS.read(request)

    Every ordering can be turned round with a `-`.
    """

    def __init__(self, *, filters: Mapping[str, Reader], orderings: Mapping[str, Sequence[Any]], default: str) -> None:
        self.default = default
        self._cursors = {
            sign + name: _decoder(sign + name, keys) for name, keys in orderings.items() for sign in ("", "-")
        }
        self._readers: dict[str, Reader] = {
            **filters,
            "ordering": one_of(*self._cursors),
            "page_size": _read_size,
            "count": read_bool,
            "cursor": _cursor_text,
        }
        self._first_page = PageRequest(ordering=default)

    @property
    def readers(self) -> Mapping[str, Reader]:
        """The reader of every parameter that the list takes."""
        return self._readers

    @property
    def defaults(self) -> Mapping[str, Any]:
        """What a parameter is taken for that was not sent."""
        return {"ordering": self.default, "page_size": PAGE_SIZE, "count": False}

    def read(self, request: HttpRequest | Request) -> tuple[dict[str, Any], PageRequest]:
        """Return the filters that were sent and the page. Raises Refused (400) naming every bad parameter."""
        pairs = query_pairs(request)
        if not pairs:
            return {}, self._first_page
        values, errors = read_pairs(pairs, self._readers)
        ordering = values.pop("ordering", self.default)
        after, backwards = self._after(values.pop("cursor", None), ordering, errors)
        if errors:
            raise bad_query(tuple(errors))
        page = PageRequest(
            size=values.pop("page_size", PAGE_SIZE),
            ordering=ordering,
            after=after,
            backwards=backwards,
            count=values.pop("count", False),
        )
        return values, page

    def _after(
        self, cursor: bytes | None, ordering: str, errors: list[FieldError]
    ) -> tuple[tuple[Any, ...] | None, bool]:
        if cursor is None:
            return None, False
        try:
            direction, _ordering, keys = self._cursors[ordering].decode(cursor)
            return tuple(_checked(key) for key in keys), direction == "p"
        except (ValueError, OverflowError):
            # Also where another ordering made it: its keys would be compared with the wrong columns.
            errors.append(FieldError("?cursor", "invalid_cursor", "The cursor was not made for this list."))
            return None, False


def page_response(
    request: HttpRequest | Request,
    page: PageRequest,
    results: object,
    *,
    next_keys: Sequence[Any] | None,
    previous_keys: Sequence[Any] | None,
    count: int | None = None,
    more: Mapping[str, object] | None = None,
) -> HttpResponse:
    """Return the envelope of one page with its `Link` header, and `more` in it.

    `results` is what msgspec can encode: a list of Structs or dicts, or `msgspec.Raw`. `next_keys` are the sort keys of
    the last row shown where more rows follow, `previous_keys` those of the first where more precede; else None.
    """
    next_url = _url(request, page, "n", next_keys)
    previous_url = _url(request, page, "p", previous_keys)
    envelope: dict[str, object] = {"results": results, "next": next_url, "previous": previous_url}
    if count is not None:
        envelope["count"] = count
    envelope.update(more or {})
    links = [f'<{url}>; rel="{rel}"' for url, rel in ((next_url, "next"), (previous_url, "prev")) if url]
    return json_response(envelope, headers={"Link": ", ".join(links)} if links else None)


def _decoder(ordering: str, keys: Sequence[Any]) -> msgspec.json.Decoder[Any]:
    types = tuple(_key_type(key) for key in keys)
    return msgspec.json.Decoder(tuple[Literal["n", "p"], Literal[ordering], tuple[types]])  # type: ignore[valid-type]  # built at run time


def _key_type(key: Any) -> Any:
    if key in KEY_TYPES:
        return KEY_TYPES[key]
    # `datetime | None`: an empty column sorts too.
    present = [part for part in key.__args__ if part is not type(None)]
    return KEY_TYPES[present[0]] | None


def _checked(key: Any) -> Any:
    """Return the key as the database takes it. Raises ValueError, OverflowError."""
    if isinstance(key, str) and not is_storable(key):
        raise ValueError(key)
    return key.astimezone(UTC) if isinstance(key, datetime) else key


@describes({"type": "string", "maxLength": LONGEST_CURSOR})
def _cursor_text(text: str) -> bytes:
    if len(text) <= LONGEST_CURSOR:
        with suppress(ValueError):
            return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    raise BadValue("invalid_cursor", "The cursor was not made for this list.")


def _url(request: HttpRequest | Request, page: PageRequest, direction: str, keys: Sequence[Any] | None) -> str | None:
    if keys is None:
        return None
    raw = msgspec.json.encode((direction, page.ordering, tuple(keys)))
    cursor = urlsafe_b64encode(raw).rstrip(b"=").decode()
    kept = [(name, value) for name, value in query_pairs(request) if name != "cursor"]
    return request.build_absolute_uri(f"{request.path}?{urlencode([*kept, ('cursor', cursor)])}")
