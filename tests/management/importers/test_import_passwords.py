"""`import_from`: who comes from taskapi logs in as before."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError
from django.test import Client

from baton.core.commands.sessions import check_login
from baton.core.models import OldId, User
from baton.lib import old_hashes
from tests.management.importers.old_systems import SALT, run
from tests.traces import nothing_changes

pytestmark = pytest.mark.django_db


def test_taskapi_comes_with_its_log_and_its_passwords(taskapi: str) -> None:
    said = run("taskapi", taskapi, "--salt", SALT, "--time-zone", "Europe/Moscow")

    assert "users: 2 imported" in said
    assert "tasks: 3 imported" in said
    assert "entries of history: 2 imported, 0 here already, 1 left out" in said
    client = Client()
    token = client.post("/taskapi/get-token", {"login": "иван", "password": "пароль"}).json()["access_token"]
    headers: Any = {"Authorization": f"Bearer {token}"}
    assert client.get("/taskapi/task", headers=headers).json() == [
        {"id": 7, "name": "Новая", "description": "Описание", "status": "new", "completion_at": "02-10-2020"},
        {"id": 8, "name": "Готова", "description": "Описание", "status": "сompleted"},
    ]
    assert client.get("/taskapi/task/7/log", headers=headers).json() == [
        {"date": "2020-09-01 09:00:00.000001", "log": "Значение поля status изменено на planned"},
        {"date": "2020-09-02 09:00:00.000002", "log": "Значение поля status изменено на new"},
    ]
    with nothing_changes():
        run("taskapi", taskapi, "--salt", SALT)


def test_a_salt_beyond_measure_is_refused(taskapi: str) -> None:
    with nothing_changes(), pytest.raises(CommandError, match="more than 90 bytes"):
        run("taskapi", taskapi, "--salt", "x" * 91)
    run("taskapi", taskapi, "--salt", "x" * 90)


def test_the_salt_may_have_stood_on_either_side_and_the_hash_is_renewed(taskapi: str) -> None:
    run("taskapi", taskapi, "--salt", SALT)
    user = User.objects.get(username="olga")
    assert user.password.startswith("argon2_salted_md5$")
    assert "secret" not in user.password

    assert check_login("olga", "secre", "network") is None
    assert check_login("olga", "secret", "network") == user
    user.refresh_from_db()
    assert not user.password.startswith("argon2_salted_md5$")
    assert check_login("olga", "secret", "network") == user


def test_without_the_salt_nobody_logs_in(taskapi: str) -> None:
    said = run("taskapi", taskapi)

    assert "The password of olga can't be read here" in said
    assert not User.objects.get(username="olga").has_usable_password()


def test_passwords_are_made_slow_once_and_before_anything_is_locked(
    taskapi: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrapped: list[str] = []

    def wrap(bare: str) -> str:
        assert not OldId.objects.exists()
        wrapped.append(bare)
        return old_hashes.wrapped(bare)

    monkeypatch.setattr("baton.core.commands.old_system_people.wrapped", wrap)
    run("taskapi", taskapi, "--salt", SALT, "--dry-run")
    assert wrapped == []
    run("taskapi", taskapi, "--salt", SALT)
    assert len(wrapped) == 2
    run("taskapi", taskapi, "--salt", SALT)
    assert len(wrapped) == 2
    assert {user.password.partition("$")[0] for user in User.objects.all()} == {"argon2_salted_md5"}
