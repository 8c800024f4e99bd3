"""A real server for the client's tests, and somebody with a project on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from baton.client import Client, Patience, Project, Tokens
from tests.migrated_database import migrated_database
from tests.runtime.serving import Served, serving

PASSWORD = "a lantern in fog"
# Tests wait as little as they can.
BRISK = Patience(tries=4, longest_wait=3)


@dataclass
class Somebody:
    """An account with a log-in and a project of its own."""

    url: str
    username: str
    tokens: Tokens
    client: Client
    project: Project

    def another(self, **options: object) -> Client:
        """Return one more client of the same log-in's API."""
        return Client(self.url, patience=BRISK, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, django_db_setup: str) -> Iterator[Served]:
    """Run one server for all tests of this process."""
    folder = tmp_path_factory.mktemp("served")
    with (
        migrated_database(django_db_setup, folder) as url,
        serving(folder / "data", "--no-demo", DATABASE_URL=url) as served,
    ):
        served.wait_until_ready(60)
        yield served


@pytest.fixture
def somebody(server: Served) -> Iterator[Somebody]:
    """Give a new account on the server."""
    somebody = register(address_of(server))
    yield somebody
    somebody.client.close()


def address_of(served: Served) -> str:
    """Return where a server is reached."""
    return f"http://127.0.0.1:{served.port}"


def register(url: str) -> Somebody:
    """Open an account with a project."""
    username = f"u{uuid4().hex[:12]}"
    client = Client(url, patience=BRISK)
    sent = {"username": username, "email": f"{username}@example.org"}
    client.request("POST", "/api/auth/register/", json={**sent, "password": PASSWORD, "password_confirm": PASSWORD})
    tokens = client.log_in(username, PASSWORD)
    return Somebody(url, username, tokens, client, client.create_project("Lighthouse"))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have the command line keep its files in an empty folder."""
    for name in ("BATON_URL", "BATON_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path
