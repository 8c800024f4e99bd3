"""Who watches a project, told from process to process; one of them is killed."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import httpx2
import pytest
from websockets.sync.client import ClientConnection, connect

from baton.live.presence import FORGOTTEN_AFTER
from tests.runtime.serving import Served, free_port, serving

KEY = "a key of the tests only, long enough for anything"
PASSWORD = "correct horse battery"
PATIENCE = 10.0


class Person:
    """Somebody with an account, who may watch at any of the processes."""

    def __init__(self, http: httpx2.Client, username: str) -> None:
        self.http, self.header = http, ""
        fields = {"username": username, "email": f"{username}@example.org"}
        made = self.post("/auth/register/", {**fields, "password": PASSWORD, "password_confirm": PASSWORD})
        self.header = f"Bearer {made['tokens']['access']}"
        self.id: int = made["id"]

    def post(self, path: str, body: object) -> Any:
        headers = {"Authorization": self.header} if self.header else {}
        return self.http.post(path, json=body, headers=headers).raise_for_status().json()

    @contextmanager
    def watching(self, at: Served, project: int) -> Iterator[ClientConnection]:
        address = f"ws://127.0.0.1:{at.port}/ws/stream/"
        with connect(address, additional_headers={"Authorization": self.header}, close_timeout=1) as opened:
            opened.send(json.dumps({"type": "subscribe", "projects": [project]}))
            yield opened


def hear_until(opened: ClientConnection, people: list[int], within: float) -> None:
    end = monotonic() + within
    while json.loads(opened.recv(timeout=end - monotonic())).get("people") != people:
        pass


@pytest.fixture
def others(request: pytest.FixtureRequest, migrated_database_url: str) -> dict[str, str]:
    """Return the settings by which processes hear each other: by Valkey, or by PostgreSQL alone."""
    given = {"DATABASE_URL": migrated_database_url, "BATON_SECRET_KEY": KEY, "BATON_PRESENCE": "1"}
    if request.param == "valkey":
        return {**given, "BATON_REDIS_URL": request.getfixturevalue("redis_url")}
    if migrated_database_url.startswith("sqlite"):
        pytest.skip("about PostgreSQL")
    return given


@pytest.mark.parametrize("others", ["valkey", "postgresql"], indirect=True)
def test_two_processes_tell_each_other(tmp_path: Path, others: dict[str, str]) -> None:
    data = tmp_path / "data"
    with ExitStack() as stack:
        one = stack.enter_context(serving(data, "--no-demo", port=free_port(), **others))
        other = stack.enter_context(serving(data, port=free_port(), command="stream", **others))
        one.wait_until_ready(60)
        other.wait_until_ready(60)
        http = stack.enter_context(httpx2.Client(base_url=f"http://127.0.0.1:{one.port}/api"))
        anna, bert = Person(http, "anna"), Person(http, "bert")
        project = anna.post("/projects/", {"name": "Moving"})["id"]
        anna.post(f"/projects/{project}/members/", {"username": "bert"})
        at_one = stack.enter_context(anna.watching(one, project))
        with bert.watching(other, project) as at_other:
            both = sorted([anna.id, bert.id])
            hear_until(at_one, both, PATIENCE)
            hear_until(at_other, both, PATIENCE)
        hear_until(at_one, [anna.id], PATIENCE)
        with bert.watching(other, project):
            hear_until(at_one, both, PATIENCE)
            other.stop(signal.SIGKILL)
            hear_until(at_one, [anna.id], FORGOTTEN_AFTER + PATIENCE)
