"""CSV (RFC 4180) that no spreadsheet takes for formulas, after OWASP's advice on CSV injection."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from typing import TextIO

# What a spreadsheet computes, full-width forms included, and what may hide it.
_ACTIVE = frozenset("=+-@\t\r\n＝＋－＠")
_MARK = "'"
_WORD = re.compile(r"(?:[^;\\]|\\.|\\$)+", re.DOTALL)
_LONGEST_CELL = 200_000
BOM = "\ufeff"


def write_rows(out: TextIO, rows: Iterable[Iterable[str]]) -> None:
    """Write rows with CRLF at their ends, every cell made harmless."""
    csv.writer(out, lineterminator="\r\n").writerows([harmless(cell) for cell in row] for row in rows)


def read_rows(text: TextIO) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that isn't empty with the line it begins on, as `write_rows` was given it. Raises csv.Error."""
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(text, strict=True)
    before = 0
    for row in reader:
        if any(row):
            yield before + 1, [original(cell) for cell in row]
        before = reader.line_num


def harmless(cell: str) -> str:
    """Return the cell with a mark before what a spreadsheet would compute."""
    return _MARK + cell if _is_active(cell) else cell


def original(cell: str) -> str:
    """Return what `harmless` was given."""
    return cell[1:] if cell.startswith(_MARK) and _is_active(cell[1:]) else cell


def join_words(words: Iterable[str]) -> str:
    """Return several words as one cell, semicolons between."""
    return ";".join(re.sub(r"([;\\])", r"\\\1", word) for word in words)


def split_words(cell: str) -> list[str]:
    """Return the words of a cell, without spaces around them; empty ones are left out."""
    words = (re.sub(r"\\(.)", r"\1", word).strip() for word in _WORD.findall(cell))
    return [word for word in words if word]


def _is_active(cell: str) -> bool:
    # Marks of the text's own count too, else nobody could tell them from ours.
    return cell.lstrip(_MARK)[:1] in _ACTIVE
