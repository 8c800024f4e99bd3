"""The database: PostgreSQL by its URL, else SQLite in the data folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dj_database_url

from baton.lib import variables
from baton.lib.env import BadVariable, Environment

# What a page read at random costs beside the next one, where PostgreSQL assumes 4: disks that turn are gone. With 4 it
# finds the first tasks of a project by reading those of all projects in order (docs/decisions/0035).
_PLANNING = {"random_page_cost": 1.1}


def choose_database(env: Environment, data: Path) -> dict[str, Any]:
    """Return Django's settings of the one database. Raises BadVariable."""
    url = env.read(variables.DATABASE_URL)
    if not url:
        return _sqlite(env, {"ENGINE": "django.db.backends.sqlite3", "NAME": str(data / "baton.sqlite3")})
    try:
        given: dict[str, Any] = dict(dj_database_url.parse(url))
    except ValueError:
        raise BadVariable("BATON_DATABASE_URL is not a database URL.") from None
    return _sqlite(env, given) if url.startswith("sqlite") else _postgresql(env, given)


def _sqlite(env: Environment, given: dict[str, Any]) -> dict[str, Any]:
    synchronous = env.read(variables.SQLITE_SYNCHRONOUS).upper()
    return {
        **given,
        # Each thread keeps its connection: opening the file and its pragmas cost more than a hot read.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # A transaction takes the write lock at its start, so it waits its turn instead of failing half-way.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous};",
            **given.get("OPTIONS", {}),
        },
        # A file, not memory: tests use threads, and WAL exists in files only.
        "TEST": {"NAME": str(Path(given["NAME"]).with_name("test.sqlite3"))},
    }


def _postgresql(env: Environment, given: dict[str, Any]) -> dict[str, Any]:
    smallest, largest = env.read(variables.POOL_MIN), env.read(variables.POOL_MAX)
    if smallest > largest:
        raise BadVariable(f"{variables.POOL_MIN.name} ({smallest}) is more than {variables.POOL_MAX.name} ({largest}).")
    options: dict[str, Any] = dict(given.get("OPTIONS", {}))
    limits = {
        "lock_timeout": env.read(variables.LOCK_TIMEOUT),
        "statement_timeout": env.read(variables.STATEMENT_TIMEOUT),
        "idle_in_transaction_session_timeout": env.read(variables.IDLE_TRANSACTION_TIMEOUT),
    }
    milliseconds = {name: int(value * 1000) for name, value in limits.items()}
    ours = " ".join(f"-c {name}={value}" for name, value in {**milliseconds, **_PLANNING}.items())
    # PostgreSQL takes the last of two equal options, so what the URL says wins.
    options["options"] = f"{ours} {options.get('options', '')}".strip()
    options.setdefault("connect_timeout", 5)
    options.setdefault("prepare_threshold", env.read(variables.PREPARE_AFTER) or None)
    # The `timeout` bounds the wait for a connection when all are in use or the server is gone.
    options["pool"] = {"min_size": smallest, "max_size": largest, "timeout": 5}
    return {**given, "CONN_MAX_AGE": 0, "OPTIONS": options}
