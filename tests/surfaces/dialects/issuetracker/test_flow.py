"""A client's whole way through a real server, written as the original's README has it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.runtime.serving import serving

pytestmark = pytest.mark.any_database

PASSWORD = "correct horse battery"


@pytest.fixture
def server(tmp_path: Path, migrated_database_url: str) -> Iterator[str]:
    with serving(tmp_path / "data", "--no-demo", DATABASE_URL=migrated_database_url) as served:
        served.wait_until_ready()
        yield f"http://127.0.0.1:{served.port}"


def log_in(server: str, username: str) -> dict[str, str]:
    account = {"username": username, "email": f"{username}@example.org", "password": PASSWORD}
    # The original had no registration: accounts come from elsewhere, here from the native surface.
    made = httpx2.post(f"{server}/api/auth/register/", json={**account, "password_confirm": PASSWORD})
    assert made.status_code == 201
    said = httpx2.post(
        f"{server}/issuetracker/api/user/get_auth_token/", json={"username": username, "password": PASSWORD}
    )
    return {"Content-Type": "application/json", "Authorization": f"Token {said.json()['token']}"}


def test_from_the_log_in_to_the_end_of_an_issue(server: str) -> None:
    api = f"{server}/issuetracker/api"
    nithin, other = log_in(server, "nithin"), log_in(server, "anotheruser")

    payload = {
        "title": "New issue 102",
        "description": "Please take care of this ticket",
        "status": "open",
        "assigned_to": "anotheruser",
    }
    made = httpx2.post(f"{api}/issue/", json=payload, headers=nithin)
    assert made.status_code == 201
    issue = made.json()
    assert list(issue.items()) == list({"id": issue["id"], "created_by": "nithin", **payload}.items())

    address = f"{api}/issue/{issue['id']}/"
    assert httpx2.get(f"{api}/issue/", headers=other).json() == [issue]
    assert httpx2.get(address, headers=other).json() == issue
    refused = httpx2.patch(address, json={"status": "closed"}, headers=other)
    assert (refused.status_code, refused.json()) == (
        403,
        {"detail": "You do not have permission to perform this action."},
    )

    changed = httpx2.put(address, json={**payload, "status": "closed"}, headers=nithin)
    assert (changed.status_code, changed.json()) == (200, {**issue, "status": "closed"})
    page = httpx2.get(address, headers={**nithin, "Accept": "text/html"})
    assert (page.status_code, "Issue Instance" in page.text) == (200, True)
    assert httpx2.delete(address, headers=nithin).status_code == 204
    assert httpx2.get(address, headers=nithin).json() == {"detail": "Not found."}
