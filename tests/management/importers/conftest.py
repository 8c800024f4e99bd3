"""The databases of the older systems, of either kind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.management.importers.old_databases import Table, auth_user, kinds, old_database
from tests.management.importers.old_systems import ISSUES, MASTER_TASK, MASTER_USER, TABLE, salted


@pytest.fixture(params=kinds())
def kind(request: pytest.FixtureRequest) -> str:
    """Return each kind of database in turn."""
    found: str = request.param
    return found


@pytest.fixture
def issues(kind: str, tmp_path: Path) -> Iterator[str]:
    """Return the address of a database of issuetracker."""
    with old_database(kind, ISSUES, tmp_path) as url:
        yield url


@pytest.fixture
def table(kind: str, tmp_path: Path) -> Iterator[str]:
    """Return the address of a database of tasktable."""
    with old_database(kind, TABLE, tmp_path) as url:
        yield url


@pytest.fixture
def master(kind: str, tmp_path: Path) -> Iterator[str]:
    """Return the address of a database of taskmaster."""
    uuid_type = "char(32)" if kind == "sqlite" else "uuid"

    def shown(text: str) -> str:
        return text.replace("-", "") if kind == "sqlite" else text

    _, [row] = auth_user((1, "ada", "old secret", "ada@example.org", True))
    user = [shown(MASTER_USER), *row[1:8], True, "2022-01-01 10:00:00", "2022-02-01 10:00:00"]
    tables: dict[str, Table] = {
        "accounts_user": (
            (f"id {uuid_type}, password varchar(128), last_login timestamp, is_superuser boolean, "
            "username varchar(255), first_name varchar(255), last_name varchar(255), email varchar(255), "
            "is_active boolean, date_created timestamp, last_updated timestamp"),
            [user],
        ),
        "tasks_task": (
            (f"id {uuid_type}, title varchar(100), description text, status_task varchar(20), "
            f"date_created timestamp, last_updated timestamp, user_id {uuid_type}"),
            [
                (shown(MASTER_TASK), "Write", "It down", "IN PROGRESS", "2022-03-01 10:00:00", "2022-03-02 10:00:00",
                 shown(MASTER_USER)),
                (shown(MASTER_USER), "Ownerless", "", "TO DO", "2022-03-01 10:00:00", "2022-03-02 10:00:00", None),
            ],
        ),
    }  # fmt: skip
    with old_database(kind, tables, tmp_path) as url:
        yield url


@pytest.fixture
def taskapi(kind: str, tmp_path: Path) -> Iterator[str]:
    """Return the address of a database of taskapi."""
    day = "2020-10-02"
    tables: dict[str, Table] = {
        "user": (
            "id integer, login varchar(50), password varchar(255)",
            [(1, "иван", salted("пароль", before=False)), (2, "olga", salted("secret", before=True))],
        ),
        "task": (
            "id integer, name varchar(50), description text, status varchar(20), completion_at date, user_id integer",
            [
                (7, "Новая", "Описание", "new", day, 1),
                (8, "Готова", "Описание", "сompleted", None, 1),
                (9, "Hers", "Text", "in_work", None, 2),
            ],
        ),
        "log": (
            "id integer, date timestamp, log varchar(200), task_id integer",
            [
                (1, "2020-09-01 12:00:00.000001", "Значение поля status изменено на planned", 7),
                (2, "2020-09-02 12:00:00.000002", "Значение поля status изменено на new", 7),
                (3, "2020-09-02 12:00:00.000002", "Значение поля name изменено на X", 77),
            ],
        ),
    }
    with old_database(kind, tables, tmp_path) as url:
        yield url
