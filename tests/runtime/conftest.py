"""A database and a broker of their own for processes started by these tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest
import redis
from kombu import Connection

QUEUE = "celery"


@pytest.fixture
def postgresql_database() -> Iterator[str]:
    """Give the URL of a fresh database on the tests' PostgreSQL, dropped afterwards."""
    url = os.environ.get("TEST_DATABASE_URL") or os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        pytest.skip("TEST_DATABASE_URL names no PostgreSQL")
    name = f"baton_runtime_{uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@dataclass(frozen=True, slots=True)
class Broker:
    """A broker of a test's own, and how to lose all it holds."""

    url: str
    wipe: Callable[[], None]


@pytest.fixture(params=["valkey", "rabbitmq"])
def broker(request: pytest.FixtureRequest) -> Iterator[Broker]:
    """Give each kind of broker in turn, empty."""
    made = _redis_broker(request) if request.param == "valkey" else _rabbitmq_broker(request)
    made.wipe()
    yield made
    made.wipe()


def _redis_broker(request: pytest.FixtureRequest) -> Broker:
    url: str = request.getfixturevalue("redis_url")

    def wipe() -> None:
        with redis.Redis.from_url(url) as server:
            server.flushdb()

    return Broker(url, wipe)


def _rabbitmq_broker(request: pytest.FixtureRequest) -> Broker:
    url: str = request.getfixturevalue("rabbitmq_server")

    def wipe() -> None:
        # Deleted, as with a node whose disk is gone.
        with Connection(url) as connection:
            connection.default_channel.queue_delete(QUEUE)

    return Broker(url, wipe)
