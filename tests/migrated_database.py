"""A migrated database for a process that a test starts: a copy of the tests' own, as it was before the first test.

A process that starts with an empty one migrates for seconds, which proves something once.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from psycopg import sql


@contextmanager
def made_database(configured: str) -> Iterator[None]:
    """Make the tests' database for the block, unless it is there: then the connection has left the `configured` one."""
    missing = connection.settings_dict["NAME"] == configured
    made = setup_databases(0, interactive=False) if missing else []
    try:
        yield
    finally:
        teardown_databases(made, verbosity=0)


@contextmanager
def template(folder: Path) -> Iterator[str]:
    """Keep a copy of the tests' database while the block runs; give what `migrated_database` makes more of."""
    if connection.vendor == "sqlite":
        path = folder / "template.sqlite3"
        connection.ensure_connection()
        with closing(sqlite3.connect(path)) as kept:
            connection.connection.backup(kept)
        yield str(path)
        return
    # PostgreSQL copies a database that nobody is connected to.
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # the backend for PostgreSQL has one
    with _copied(str(connection.settings_dict["NAME"])) as name:
        yield name


@contextmanager
def migrated_database(kept: str, folder: Path) -> Iterator[str]:
    """Give the URL of a copy of the template; SQLite's file stands in the folder."""
    if connection.vendor == "sqlite":
        path = folder / "migrated.sqlite3"
        shutil.copyfile(kept, path)
        yield f"sqlite:///{path}"
        return
    with _copied(kept) as name:
        yield urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


@contextmanager
def _copied(original: str) -> Iterator[str]:
    name = f"migrated_{uuid.uuid4().hex}"
    _run("CREATE DATABASE {} TEMPLATE {}", name, original)
    try:
        yield name
    finally:
        _run("DROP DATABASE {} WITH (FORCE)", name)


def _run(statement: str, *names: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
