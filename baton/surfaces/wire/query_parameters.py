"""Query parameters, typed and strict: unknown and repeated names are refused, and all errors come at once.

A view declares its parameters as a mapping of name to reader; a reader takes the text and gives the value, and says
with `@describes` what it takes, for the OpenAPI document. An error points at `?name`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

from django.http import HttpRequest
from rest_framework.request import Request

from baton.core.errors import FieldError
from baton.surfaces.wire.moments import BadMoment, parse_moment
from baton.surfaces.wire.parsers import form_pairs
from baton.surfaces.wire.problems import printable
from baton.surfaces.wire.refusals import bad_query
from baton.surfaces.wire.routes import LARGEST_ID
from baton.surfaces.wire.strict_json import is_storable

Reader = Callable[[str], Any]
Schema = Mapping[str, Any]

# Whose midnight there is in every time zone.
EARLIEST_DAY, LATEST_DAY = date(1900, 1, 1), date(9999, 12, 30)
A_MOMENT: Schema = {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}]}

_SCHEMAS: dict[Reader, Schema] = {}


class BadValue(ValueError):
    """A reader's refusal of a value."""

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        self.detail = detail
        super().__init__(detail)


class Somebody(Enum):
    """A person named without an id."""

    ME = "me"
    NONE = "none"


def describes(schema: Schema) -> Callable[[Reader], Reader]:
    """Say, in JSON Schema, which texts a reader takes: `@describes({"type": "boolean"})`."""

    def note(reader: Reader) -> Reader:
        _SCHEMAS[reader] = schema
        return reader

    return note


def schema_of(reader: Reader) -> Schema:
    """Return the JSON Schema of what a reader takes. Raises TypeError where it does not say."""
    if reader not in _SCHEMAS:
        raise TypeError(f"{reader!r} must say what it takes: @describes({{'type': 'string'}}).")
    return _SCHEMAS[reader]


def query_pairs(request: HttpRequest | Request) -> list[tuple[str, str]]:
    """Return names and values as they were sent. Raises Refused (400) where they are not UTF-8.

    Django's `request.GET` would put U+FFFD in the place of bad bytes and so search for something nobody asked for.
    """
    query = request.META.get("QUERY_STRING")
    if not query:
        return []
    try:
        return form_pairs(query.encode("latin-1"))
    except UnicodeEncodeError:
        raise bad_query((FieldError("?", "invalid", "The query string is not percent-encoded UTF-8."),)) from None


def read_query(request: HttpRequest | Request, readers: Mapping[str, Reader]) -> dict[str, Any]:
    """Return the value of every parameter that was sent. Raises Refused (400) that names every bad one."""
    pairs = query_pairs(request)
    if not pairs:
        return {}
    values, errors = read_pairs(pairs, readers)
    if errors:
        raise bad_query(tuple(errors))
    return values


def read_pairs(pairs: list[tuple[str, str]], readers: Mapping[str, Reader]) -> tuple[dict[str, Any], list[FieldError]]:
    """Return the values that could be read and the errors of the others."""
    values: dict[str, Any] = {}
    errors: list[FieldError] = []
    seen: set[str] = set()
    for name, text in pairs:
        try:
            values[name] = _read(name, text, readers, is_repeated=name in seen)
        except (BadValue, BadMoment) as error:
            errors.append(FieldError(f"?{printable(name)}", error.code, error.detail))
        seen.add(name)
    return values, errors


def _read(name: str, text: str, readers: Mapping[str, Reader], *, is_repeated: bool) -> Any:
    reader = readers.get(name)
    if reader is None:
        raise BadValue("unknown_parameter", f"There is no such parameter here. Known: {', '.join(sorted(readers))}.")
    if is_repeated:
        raise BadValue("repeated_parameter", "The parameter stands in the query twice.")
    if not is_storable(text):
        raise BadValue("unstorable_text", "The text holds a NUL or a lone surrogate.")
    return reader(text)


def number(least: int, most: int) -> Reader:
    """Return a reader of whole numbers within bounds."""

    @describes({"type": "integer", "minimum": least, "maximum": most})
    def read(text: str) -> int:
        if not (text.isascii() and text.removeprefix("-").isdigit()):
            raise BadValue("invalid", "Not a whole number.")
        # Python refuses to read thousands of digits, and no bound needs them.
        value = int(text) if len(text) <= 20 else most + 1
        if not least <= value <= most:
            raise BadValue("out_of_range", f"Must be from {least} to {most}.")
        return value

    return read


read_id = number(1, LARGEST_ID)


@describes({"type": "boolean"})
def read_bool(text: str) -> bool:
    """Read `true` or `false`; `1` and `0` are taken too."""
    if text in ("true", "1"):
        return True
    if text in ("false", "0"):
        return False
    raise BadValue("invalid", "Must be true or false.")


@describes(A_MOMENT)
def read_moment(text: str) -> datetime:
    """Read an RFC 3339 time or a date. A `+` that was sent unescaped has become a space; it is put back."""
    return parse_moment(text.replace(" ", "+") if " " in text[19:] else text)


@describes({"type": "string", "format": "date"})
def read_day(text: str) -> date:
    """Read a date, such as 2026-05-01."""
    if not (len(text) == 10 and text.isascii()):
        raise BadValue("invalid", "Not a date: use RFC 3339, such as 2026-05-01.")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadValue("invalid", "Not a date: use RFC 3339, such as 2026-05-01.") from None
    if not EARLIEST_DAY <= day <= LATEST_DAY:
        raise BadValue("out_of_range", f"Must be from {EARLIEST_DAY} to {LATEST_DAY}.")
    return day


@describes({"anyOf": [{"type": "integer", "minimum": 1, "maximum": LARGEST_ID}, {"enum": ["me", "none"]}]})
def read_person(text: str) -> int | Somebody:
    """Read a user's id, `me` or `none`."""
    if text in ("me", "none"):
        return Somebody(text)
    try:
        return int(read_id(text))
    except BadValue:
        raise BadValue("invalid", "Must be a user's id, me or none.") from None


def one_of(*choices: str) -> Reader:
    """Return a reader that takes one of these words."""

    @describes({"type": "string", "enum": list(choices)})
    def read(text: str) -> str:
        if text not in choices:
            raise BadValue("invalid_choice", f"Must be one of: {', '.join(choices)}.")
        return text

    return read


def some_of(*choices: str) -> Reader:
    """Return a reader that takes one or several of these words, with commas between: `todo,review`."""
    word = one_of(*choices)

    @describes({"type": "array", "items": {"type": "string", "enum": list(choices)}, "minItems": 1})
    def read(text: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(word(part) for part in text.split(",")))

    return read


def words(longest: int = 200) -> Reader:
    """Return a reader of free text, trimmed, of at most so many characters."""

    @describes({"type": "string", "maxLength": longest})
    def read(text: str) -> str:
        text = text.strip()
        if len(text) > longest:
            raise BadValue("max_length", f"At most {longest} characters.")
        return text

    return read
