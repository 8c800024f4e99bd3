"""An older system's database, whichever of the two it is: its tables, and their rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg.rows import dict_row

Row = Mapping[str, Any]


class BadSource(Exception):
    """The database can't be read, or is not one of the system it should be; the message says what is missing."""


class Source(Protocol):
    """A database that is only read."""

    def tables(self) -> dict[str, set[str]]:
        """Return the columns of every table."""

    def rows(self, table: str, order: str) -> Iterator[Row]:
        """Yield a table's rows."""


@contextmanager
def open_source(url: str) -> Iterator[Source]:
    """Open `postgresql://…` or `sqlite:///path` for reading. Raises BadSource."""
    parts = urlsplit(url)
    try:
        if parts.scheme in ("postgresql", "postgres"):
            with psycopg.connect(url, row_factory=dict_row) as connection:
                connection.read_only = True
                # One state of the database, however long it takes.
                connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
                yield _PostgreSQL(connection)
        elif parts.scheme == "sqlite" and not parts.netloc:
            yield _SQLite(_open_file(Path(unquote(parts.path))))
        else:
            raise BadSource("Name the database as postgresql://user:password@host/name or sqlite:///path.")
    except (psycopg.Error, sqlite3.Error) as error:
        raise BadSource(f"The old database can't be read: {str(error).strip()}") from error


def find_table(source: Source, columns: Sequence[str], what: str, *, named: str = "") -> str:
    """Return the table with all these columns; of several, the one that is named so, or ends so. Raises BadSource."""
    found = [table for table, has in source.tables().items() if has.issuperset(columns)]
    if len(found) > 1:
        found = [table for table in found if table == named] or [table for table in found if table.endswith(named)]
    if len(found) != 1:
        said = ", ".join(columns)
        raise BadSource(f"No table of {what} was found: one with the columns {said} is needed, and no second one.")
    return found[0]


def find_column(source: Source, table: str, *names: str) -> str:
    """Return the first of these columns that the table has. Raises BadSource."""
    columns = source.tables()[table]
    for name in names:
        if name in columns:
            return name
    raise BadSource(f"The table {table} has none of the columns {', '.join(names)}.")


class _PostgreSQL:
    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._tables: dict[str, set[str]] | None = None

    def tables(self) -> dict[str, set[str]]:
        if self._tables is None:
            self._tables = {}
            for row in self._connection.execute(_COLUMNS):
                self._tables.setdefault(row["table_name"], set()).add(row["column_name"])
        return self._tables

    def rows(self, table: str, order: str) -> Iterator[Row]:
        query = psycopg.sql.SQL("SELECT * FROM {} ORDER BY {}").format(
            psycopg.sql.Identifier(table), psycopg.sql.Identifier(order)
        )
        yield from self._connection.execute(query)


class _SQLite:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.row_factory = sqlite3.Row

    def tables(self) -> dict[str, set[str]]:
        names = self._connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: {row["name"] for row in self._connection.execute(f'PRAGMA table_info("{_quoted(name)}")')}
            for (name,) in names
        }

    def rows(self, table: str, order: str) -> Iterator[Row]:
        query = f'SELECT * FROM "{_quoted(table)}" ORDER BY "{_quoted(order)}"'  # noqa: S608  # names of its own tables
        for row in self._connection.execute(query):
            yield dict(row)


def _open_file(path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise BadSource(f"There is no file {path}.")
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _quoted(name: str) -> str:
    return name.replace('"', '""')


_COLUMNS = """
SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = ANY(current_schemas(false))
"""
