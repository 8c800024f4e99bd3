"""Small databases of the older systems, as their own programs would have left them."""

from __future__ import annotations

import os
import sqlite3
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from psycopg import sql

Table = tuple[str, Sequence[Sequence[Any]]]
"""The columns with their types, and the rows."""


def django_password(password: str) -> str:
    """Return a password as Django 1.11 to 4 kept it, with fewer rounds."""
    return PBKDF2PasswordHasher().encode(password, "seasalt", iterations=10)


@contextmanager
def old_database(kind: str, tables: Mapping[str, Table], folder: Path) -> Iterator[str]:
    """Make the tables in a new database, SQLite or PostgreSQL, and give its URL."""
    if kind == "sqlite":
        path = folder / f"{uuid.uuid4().hex}.sqlite3"
        with sqlite3.connect(path) as connection:
            _fill_sqlite(connection, tables)
        connection.close()
        yield f"sqlite:///{path}"
        return
    server = os.environ["DATABASE_URL"]
    called = f"old_{uuid.uuid4().hex}"
    name = sql.Identifier(called)
    url = urlunsplit(urlsplit(server)._replace(path=f"/{called}"))
    with psycopg.connect(server, autocommit=True) as outside:
        outside.execute(sql.SQL("CREATE DATABASE {}").format(name))
        try:
            with psycopg.connect(url) as inside:
                _fill_postgresql(inside, tables)
            yield url
        finally:
            outside.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def kinds() -> list[str]:
    """Return the kinds of old databases that can be made in this run."""
    server = os.environ.get("DATABASE_URL", "")
    return ["sqlite", "postgresql"] if server.startswith(("postgres:", "postgresql:")) else ["sqlite"]


def _fill_sqlite(connection: sqlite3.Connection, tables: Mapping[str, Table]) -> None:
    for name, (columns, rows) in tables.items():
        connection.execute(f'CREATE TABLE "{name}" ({columns})')
        for row in rows:
            connection.execute(f'INSERT INTO "{name}" VALUES ({", ".join("?" * len(row))})', row)


def _fill_postgresql(connection: psycopg.Connection[Any], tables: Mapping[str, Table]) -> None:
    for name, (columns, rows) in tables.items():
        connection.execute(f'CREATE TABLE "{name}" ({columns})'.encode())
        for row in rows:
            connection.execute(f'INSERT INTO "{name}" VALUES ({", ".join(["%s"] * len(row))})'.encode(), row)


AUTH_USER = (
    "id integer, password varchar(128), last_login timestamp, is_superuser boolean, username varchar(150), "
    "first_name varchar(30), last_name varchar(150), email varchar(254), is_staff boolean, is_active boolean, "
    "date_joined timestamp"
)


def auth_user(*people: tuple[int, str, str, str, bool]) -> Table:
    """Return Django's table of users: id, name, password, address, whether active."""
    joined = "2021-03-04 05:06:07"
    return AUTH_USER, [
        (pk, django_password(password), None, False, name, name.title(), "Old", email, False, active, joined)
        for pk, name, password, email, active in people
    ]


def tokens(*rows: tuple[str, int]) -> Table:
    """Return the table of tokens: key and user."""
    made = "2021-03-04 05:06:07"
    return "key varchar(40), created timestamp, user_id integer", [(key, made, user) for key, user in rows]


DECOYS: Mapping[str, Table] = {
    "django_migrations": ("id integer, app varchar(255), name varchar(255), applied timestamp", []),
    "django_content_type": ("id integer, app_label varchar(100), model varchar(100)", []),
}
