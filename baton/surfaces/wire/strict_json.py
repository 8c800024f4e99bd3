"""JSON that means one thing only: RFC 8259 with everything refused that would be read or stored differently elsewhere.

Refused: other encodings than UTF-8, nesting deeper than 64, the same key twice, NUL and lone surrogates (escaped too),
NaN, Infinity and numbers beyond a double. Integers of any size that Python reads are left to the fields to bound.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from baton.core.errors import FieldError
from baton.surfaces.wire.problems import pointer, printable
from baton.surfaces.wire.refusals import Refused

DEEPEST = 64

_BRACKETS_AND_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[{]|[\]}]', re.DOTALL)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]").search
_SPACE = " \t\n\r"


class MalformedJson(Refused):
    """The body is not JSON, or not JSON that means one thing; `errors` points at the places where they are known."""

    def __init__(self, detail: str, errors: tuple[FieldError, ...] = ()) -> None:
        super().__init__(400, "parse_error", detail, errors)


class _Suspect(Exception):
    """The quick pass met something that the careful one must name."""


def decode(body: bytes) -> Any:
    r"""Return the value of a JSON text. Raises MalformedJson, with all the bad places at once where it can tell them.

    The quick pass is the C scanner with three short hooks; only a body with a `\u` escape is looked through again.
    """
    text = _text(body)
    if _may_be_deep(text):
        _refuse_depth(text)
    try:
        value = _QUICK.decode(text)
    except _Suspect:
        return _refuse_by_place(text)
    except ValueError as error:
        raise MalformedJson(_explain(error)) from None
    if "\\u" in text and any(True for _ in _bad_places(value)):
        return _refuse_by_place(text)
    return value


def is_storable(text: str) -> bool:
    """Can the text be kept: has it neither NUL nor a lone surrogate?"""
    return _UNSTORABLE(text) is None


def _text(body: bytes) -> str:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedJson(f"The body is not UTF-8: byte {error.start} can't be read.") from None
    if text.startswith("\ufeff"):
        raise MalformedJson("The body begins with a byte order mark; send plain UTF-8.")
    return text


def _explain(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
    # Python's own bound on the digits of an integer.
    return "The body holds a number with too many digits."


def _may_be_deep(text: str) -> bool:
    return text.count("[") + text.count("{") > DEEPEST


def _refuse_depth(text: str) -> None:
    depth = 0
    for piece in _BRACKETS_AND_STRINGS.findall(text):
        if piece in "[{":
            depth += 1
            if depth > DEEPEST:
                raise MalformedJson(f"The body is nested deeper than {DEEPEST} levels.")
        elif piece in "]}":
            depth -= 1


def _refuse_by_place(text: str) -> NoReturn:
    """Read the text once more, keeping what is wrong in it. Raises MalformedJson that names every place."""
    try:
        errors = tuple(_bad_places(_CAREFUL.decode(text)))
    except ValueError as error:
        raise MalformedJson(_explain(error)) from None
    raise MalformedJson("The body is JSON, but not of a kind that can be kept.", errors)


class _Pairs(list[tuple[str, Any]]):
    """An object with all its keys, repeated ones too."""


class _BadNumber(str):
    """The text of a number that is none."""

    __slots__ = ()


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _Suspect
    return value


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise _Suspect
    return value


def _no_constant(_text: str) -> NoReturn:
    raise _Suspect


def _float_or_bad(text: str) -> float | _BadNumber:
    value = float(text)
    return _BadNumber(text) if math.isinf(value) else value


_QUICK = json.JSONDecoder(object_pairs_hook=_unique, parse_float=_finite, parse_constant=_no_constant)
_CAREFUL = json.JSONDecoder(object_pairs_hook=_Pairs, parse_float=_float_or_bad, parse_constant=_BadNumber)


def _bad_places(value: Any, *path: str | int) -> Iterator[FieldError]:
    match value:
        case _BadNumber():
            yield FieldError(pointer(*path), "not_a_number", f"{value[:40]} is not a number that JSON knows.")
        case str() if not is_storable(value):
            yield FieldError(pointer(*path), "unstorable_text", "The text holds a NUL or a lone surrogate.")
        case dict():
            yield from _bad_members(list(value.items()), path)
        case _Pairs():
            yield from _bad_members(value, path)
        case list():
            for index, item in enumerate(value):
                yield from _bad_places(item, *path, index)


def _bad_members(pairs: list[tuple[str, Any]], path: tuple[str | int, ...]) -> Iterator[FieldError]:
    seen: set[str] = set()
    for key, item in pairs:
        place = (*path, printable(key))
        if key in seen:
            yield FieldError(pointer(*place), "duplicate_key", "The key stands in the object twice.")
        elif not is_storable(key):
            yield FieldError(pointer(*place), "unstorable_text", "The key holds a NUL or a lone surrogate.")
        seen.add(key)
        yield from _bad_places(item, *place)
