"""The Postman collections of docs/postman/ are walked as they stand, from an empty server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from baton.lib.paths import CHECKOUT
from baton.lib.variables import DIALECTS
from tests.factories import make_user_with
from tests.surfaces.dialects.postman import Walk

FOLDER = CHECKOUT / "docs" / "postman"
COLLECTIONS = [name for name in DIALECTS.default if (FOLDER / f"{name}.json").exists()]
PASSWORD = "secret of the walk"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("dialect", COLLECTIONS)
def test_a_collection_is_walked(dialect: str) -> None:
    path = FOLDER / f"{dialect}.json"
    walk = Walk(f"/{dialect}", **_account(path))

    walk.walk(path)

    assert len(walk.walked) >= 5


def _account(path: Path) -> dict[str, str]:
    """Make the account that a collection leaves to its reader, by an empty password; return the variables about it."""
    said = json.loads(path.read_text(encoding="utf-8")).get("variable", ())
    variables = {variable["key"]: variable.get("value", "") for variable in said}
    if variables.get("password") != "":
        return {}
    username = variables.get("username") or "olga"
    make_user_with(username, PASSWORD)
    return {"username": username, "password": PASSWORD}


def _collection(tmp_path: Path, *lines: str) -> Path:
    item = {
        "name": "Live",
        "request": {"method": "GET", "header": [], "url": {"raw": "{{baseUrl}}/livez"}},
        "event": [{"listen": "test", "script": {"exec": list(lines)}}],
    }
    path = tmp_path / "collection.json"
    path.write_text(json.dumps({"item": [{"name": "folder", "item": [item]}]}), encoding="utf-8")
    return path


def test_a_status_that_is_another_is_noticed(tmp_path: Path) -> None:
    Walk("").walk(_collection(tmp_path, 'pm.test("200", () => pm.response.to.have.status(200));'))
    with pytest.raises(AssertionError, match="Live: 200"):
        Walk("").walk(_collection(tmp_path, 'pm.test("201", () => pm.response.to.have.status(201));'))


@pytest.mark.parametrize("line", ["pm.sendRequest('x');", 'pm.test("x", () => true);'])
def test_what_is_not_understood_is_not_passed_over(tmp_path: Path, line: str) -> None:
    status = 'pm.test("200", () => pm.response.to.have.status(200));'
    with pytest.raises(ValueError, match="nobody here knows"):
        Walk("").walk(_collection(tmp_path, status, line))


def test_a_request_without_a_test_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="says nothing of its status"):
        Walk("").walk(_collection(tmp_path))
