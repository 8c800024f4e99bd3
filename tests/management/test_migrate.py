"""`migrate` takes the time it needs, and leaves the connection as it was."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.db import DatabaseError, connection

from baton.lib.unhurried import unhurried
from tests.runtime.serving import run_manage

SLOW = """
from django.core.management import call_command
from django.db import connection
from django.db.models.signals import pre_migrate

def wait(**_):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.5)")

pre_migrate.connect(wait)
call_command("migrate", verbosity=0)
try:
    wait()
except Exception as error:
    print("afterwards:", error)
"""


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no such limit")
def test_a_slow_migration_is_not_cut_off_but_later_statements_are(tmp_path: Path, empty_database_url: str) -> None:
    given = {"DATABASE_URL": empty_database_url, "BATON_DATA": str(tmp_path), "BATON_DEBUG": "1"}
    done = run_manage("shell", "--no-imports", "-c", SLOW, cwd=tmp_path, BATON_STATEMENT_TIMEOUT="0.3", **given)
    assert done.returncode == 0, done.stderr
    assert "afterwards: canceling statement due to statement timeout" in done.stdout


@pytest.mark.django_db
def test_what_fails_inside_fails_as_it_would() -> None:
    with pytest.raises(DatabaseError), unhurried(connection), connection.cursor() as cursor:
        cursor.execute("SELECT nothing_of_that_name")


@pytest.mark.any_database
def test_it_notes_where_each_reaction_begins(tmp_path: Path) -> None:
    """So that nothing is missed between it and the first worker."""
    given = {"BATON_DATA": str(tmp_path), "BATON_DEBUG": "1", "DATABASE_URL": ""}
    done = run_manage("migrate", "--no-input", cwd=tmp_path, **given)
    assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(tmp_path / "baton.sqlite3")) as database:
        noted = {name for (name,) in database.execute("SELECT name FROM core_reactioncursor")}
    assert {"notifications", "webhooks", "account_mail"} <= noted
