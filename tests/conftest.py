"""What every test may ask for: the servers' addresses. Nothing here leaves this machine."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import redis

from tests.cast import cast
from tests.empty_database import empty_database
from tests.mail_server import smtp
from tests.migrated_database import made_database, migrated_database, template
from tests.servers.process import ServerFailed
from tests.servers.rabbitmq import rabbitmq
from tests.stores import staged, store

__all__ = ["cast", "smtp", "staged", "store"]

ANY_DATABASE = (
    "architecture/",
    "bench/",
    "client/",
    "files/",
    "runner/",
    "runtime/test_env.py",
    "runtime/test_settings.py",
    "runtime/test_wsgi_bridge.py",
)
"""Where the tests say the same on either database; elsewhere the marker `any_database` says it."""


def pytest_configure(config: pytest.Config) -> None:
    """Keep sockets on this machine and the hashing of passwords cheap; refuse a database that was not meant."""
    from django.conf import settings
    from django.db import connection

    _stay_on_this_machine()
    # Argon2 is slow on purpose, and hundreds of tests make accounts. The production order stays below it.
    settings.PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")
    # Each test client makes the middleware anew, and WhiteNoise would look through all static files each time.
    settings.WHITENOISE_AUTOREFRESH = True
    meant = os.environ.get("TEST_DATABASE")
    if meant and connection.vendor != meant:
        pytest.exit(f"These tests are meant for {meant}, but a setting or a .env file says {connection.vendor}.", 4)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the long faults to themselves; leave out what says nothing about the database in a second round."""
    asked = os.environ.get("TEST_FAULTS") == "1"
    _keep(config, items, [item for item in items if bool(item.get_closest_marker("faults")) is asked])
    if os.environ.get("TEST_ANY_DATABASE") != "done":
        return
    here = Path(__file__).parent
    new = [
        item
        for item in items
        if not (str(item.path.relative_to(here)).startswith(ANY_DATABASE) or item.get_closest_marker("any_database"))
    ]
    if new:  # or else they are all that was asked for
        _keep(config, items, new)


def _keep(config: pytest.Config, items: list[pytest.Item], kept: list[pytest.Item]) -> None:
    left = set(kept)
    config.hook.pytest_deselected(items=[item for item in items if item not in left])
    items[:] = kept


def pytest_report_header() -> str:
    """Say which database the tests meet."""
    from django.db import connection

    return f"database: {connection.vendor}"


@pytest.fixture
def redis_url(worker_id: str) -> Iterator[str]:
    """Return the URL of an empty Redis or Valkey database that no other worker uses."""
    server = os.environ.get("TEST_REDIS_URL")
    if not server:
        pytest.skip("no Redis or Valkey: bin/test starts one, or set TEST_REDIS_URL")
    # Database 0 is left alone; a worker is called gw0, gw1 ..., or master where there is only one process.
    number = int(worker_id.removeprefix("gw")) + 2 if worker_id.startswith("gw") else 1
    url = f"{server}/{number}"
    with redis.Redis.from_url(url) as client:
        client.flushdb()
        yield url
        client.flushdb()


@pytest.fixture(scope="session")
def rabbitmq_server() -> Iterator[str]:
    """Return the URL of a RabbitMQ that only this worker's tests use; it takes some seconds to start."""
    try:
        with rabbitmq() as url:
            yield url
    except ServerFailed as failure:
        pytest.skip(str(failure))


@pytest.fixture
def empty_database_url(tmp_path: Path) -> Iterator[str]:
    """Return the URL of an empty database for a process that a test starts, on the kind this run is about."""
    with empty_database(tmp_path) as url:
        yield url


@pytest.fixture(scope="session")
def configured_database() -> str:
    """Return the name of the database in the settings, which no test may touch."""
    from django.db import connection

    return str(connection.settings_dict["NAME"])


@pytest.fixture(scope="session")
def django_db_setup(
    configured_database: str,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """Make the tests' database, and keep a copy of it as it is before the first test; return what that is called."""
    stack = ExitStack()
    with django_db_blocker.unblock():
        # pytest-django makes none where no test asks for it, but perhaps for a copy.
        stack.enter_context(made_database(configured_database))
        kept = stack.enter_context(template(tmp_path_factory.mktemp("template")))
    yield kept
    with django_db_blocker.unblock():
        stack.close()


@pytest.fixture
def migrated_database_url(django_db_setup: str, tmp_path: Path) -> Iterator[str]:
    """Return the URL of a migrated database for a process that a test starts, on the kind this run is about."""
    with migrated_database(django_db_setup, tmp_path) as url:
        yield url


def _stay_on_this_machine() -> None:
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _refuse_elsewhere(self, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _refuse_elsewhere(self, address)
        return connect_ex(self, address)

    socket.socket.connect = guarded_connect  # type: ignore[assignment,method-assign]
    socket.socket.connect_ex = guarded_connect_ex  # type: ignore[assignment,method-assign]


def _refuse_elsewhere(connecting: socket.socket, address: Any) -> None:
    if connecting.family not in {socket.AF_INET, socket.AF_INET6}:
        return
    host = str(address[0])
    if host == "localhost":
        return
    try:
        here = ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        here = False
    if not here:
        # Not an OSError: code under test that survives a dead network must not hide this.
        raise AssertionError(f"A test reached for {host}: tests stay on this machine.")
