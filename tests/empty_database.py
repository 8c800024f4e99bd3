"""A database for a process that a test starts."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql


@contextmanager
def empty_database(folder: Path) -> Iterator[str]:
    """Give the URL of an empty database, of the kind that this run is about; SQLite's file stands in the folder."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith(("postgresql:", "postgres:")):
        yield f"sqlite:///{folder / 'baton.sqlite3'}"
        return
    name = f"process_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
