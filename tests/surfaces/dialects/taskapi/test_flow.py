"""A client's whole way through a real server, written as the original's README has it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.runtime.serving import serving

pytestmark = pytest.mark.any_database


@pytest.fixture
def api(tmp_path: Path, migrated_database_url: str) -> Iterator[str]:
    with serving(tmp_path / "data", "--no-demo", DATABASE_URL=migrated_database_url) as served:
        served.wait_until_ready()
        yield f"http://127.0.0.1:{served.port}/taskapi"


def test_from_the_register_to_the_log(api: str) -> None:
    login = {"login": "иван", "password": "пароль"}
    token = httpx2.post(f"{api}/register", data=login).json()["access_token"]
    assert httpx2.post(f"{api}/get-token", data=login).json() == {"access_token": token}
    headers = {"Authorization": f"Bearer {token}"}

    data = {
        "name": "Новая задача",
        "description": "Описание задачи",
        "status": "new",
        "completion_at": "02-10-2020",
    }
    made = httpx2.post(f"{api}/task", data=data, headers=headers)
    assert (made.status_code, made.headers["content-type"]) == (201, "application/json; charset=utf-8")
    task = made.json()
    assert task == {"id": task["id"], **data}
    assert "\\u041d" in made.text

    address = f"{api}/task/{task['id']}"
    params = {"status": "new", "completion_at": "02-10-2020"}
    assert httpx2.get(f"{api}/task", params=params, headers=headers).json() == [task]
    assert httpx2.get(address, headers=headers).json() == task

    changed = httpx2.put(address, data={"status": "сompleted"}, headers=headers)
    assert changed.json() == {**task, "status": "сompleted"}
    log = httpx2.get(f"{address}/log", headers=headers).json()
    assert [entry["log"] for entry in log] == ["Значение поля status изменено на сompleted"]

    gone = httpx2.delete(address, headers=headers)
    assert (gone.status_code, gone.content, "content-length" in gone.headers) == (204, b"", False)
    assert httpx2.get(f"{api}/task", headers=headers).json() == []
    refused = httpx2.get(f"{api}/task")
    assert (refused.status_code, refused.text) == (401, "401: Authorization required")
