"""A database and a broker of their own for processes started by these tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest
import redis
from kombu import Connection, Queue

from tests.servers.valkey import valkey

QUEUE = "celery"


def find_postgresql() -> str:
    """Return the URL of the tests' PostgreSQL; an empty text where there is none."""
    url = os.environ.get("TEST_DATABASE_URL") or os.environ.get("DATABASE_URL", "")
    return url if url.startswith("postgres") else ""


@contextmanager
def fresh_postgresql() -> Iterator[str]:
    """Give the URL of a fresh database on the tests' PostgreSQL, dropped afterwards. Skips where there is none."""
    url = find_postgresql()
    if not url:
        pytest.skip("TEST_DATABASE_URL names no PostgreSQL")
    name = f"baton_runtime_{uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def postgresql_database() -> Iterator[str]:
    """Give the URL of a fresh database on the tests' PostgreSQL, dropped afterwards."""
    with fresh_postgresql() as url:
        yield url


@dataclass(frozen=True, slots=True)
class Broker:
    """A broker that only a module's tests use, and how to lose all it holds."""

    url: str
    wipe: Callable[[], None]


@pytest.fixture(scope="module", params=["valkey", "rabbitmq"])
def broker(request: pytest.FixtureRequest) -> Iterator[Broker]:
    """Give each kind of broker in turn."""
    if request.param == "rabbitmq":
        url: str = request.getfixturevalue("rabbitmq_server")
        yield Broker(url, lambda: _lose_the_queue(url))
        return
    with valkey() as server, redis.Redis.from_url(server) as client:
        yield Broker(f"{server}/0", client.flushall)


def _lose_the_queue(url: str) -> None:
    # Deleted, as with a node whose disk is gone.
    with Connection(url) as connection:
        Queue(QUEUE, channel=connection.default_channel).delete()
