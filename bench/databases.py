"""Empty databases for each program: files in a folder, or databases of one PostgreSQL server."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import psycopg
from psycopg import sql

from bench.cores import OTHERS, on_cores
from tests.servers.postgresql import postgresql

KINDS = ("sqlite", "postgresql")


def make_databases(kind: str, names: Sequence[str], folder: Path, stack: ExitStack) -> list[str]:
    """Return the URL of an empty database for each name; the server runs until the stack ends."""
    if kind == "sqlite":
        return [f"sqlite:///{folder / name}.sqlite3" for name in names]
    with on_cores(OTHERS):
        url = stack.enter_context(postgresql())
    with psycopg.connect(url, autocommit=True) as connection:
        for name in names:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    server = url.rpartition("/")[0]
    return [f"{server}/{name}" for name in names]
