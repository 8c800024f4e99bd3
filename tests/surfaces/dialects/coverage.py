"""Which rows of a dialect's sheet its conversations show.

`rows.txt` beside a dialect's tests lists the rows: a word for the row, then what it says.
"""

from __future__ import annotations

from pathlib import Path

from tests.surfaces.dialects.conversation import read_conversation

HERE = Path(__file__).resolve().parent


def conversations(dialect: str) -> list[Path]:
    """Return the files of a dialect's conversations."""
    return sorted((HERE / dialect / "conversations").glob("*.http"))


def rows_of(dialect: str) -> dict[str, str]:
    """Return the rows of the sheet: what each says, by its word."""
    lines = (HERE / dialect / "rows.txt").read_text(encoding="utf-8").splitlines()
    return {row: said.strip() for row, _, said in (line.partition(" ") for line in lines) if row}


def rows_shown(dialect: str) -> dict[str, int]:
    """Return how many exchanges show each row that any shows."""
    found: dict[str, int] = {}
    for path in conversations(dialect):
        for exchange in read_conversation(path)[1]:
            for row in exchange.rows:
                found[row] = found.get(row, 0) + 1
    return found
