"""Servers for the tests start, answer and are gone afterwards; else other tests would fail in odd ways."""

from __future__ import annotations

import os
import socket
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
import redis

from tests.servers.process import ServerFailed, free_port, running

LISTEN = "import socket, sys, time; s = socket.create_server(('127.0.0.1', int(sys.argv[1]))); time.sleep(60)"


def test_a_server_lives_as_long_as_the_block(tmp_path: Path) -> None:
    port = free_port()

    with running([sys.executable, "-c", LISTEN, str(port)], log=tmp_path / "log", answers=lambda: _listens(port)):
        assert _listens(port)

    assert not _listens(port)


def test_a_server_is_stopped_when_the_tests_are_interrupted(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-c", LISTEN, str(port)]

    with (
        pytest.raises(KeyboardInterrupt),
        running(command, log=tmp_path / "log", answers=lambda: _listens(port)),
    ):
        raise KeyboardInterrupt

    assert not _listens(port)


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('no room on the disk')"]

    with (
        pytest.raises(ServerFailed, match="no room on the disk"),
        running(command, log=tmp_path / "log", answers=lambda: False),
    ):
        pass


def test_a_test_can_not_leave_this_machine() -> None:
    # 192.0.2.0/24 is set aside for documentation (RFC 5737): nobody is there.
    with socket.socket() as outside, pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        outside.connect(("192.0.2.1", 80))


def test_the_redis_of_a_test_is_real_and_empty(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        assert client.set("key", "value")


def test_the_database_for_a_process_is_empty(empty_database_url: str) -> None:
    if empty_database_url.startswith("sqlite:///"):
        assert not Path(empty_database_url.removeprefix("sqlite:///")).exists()
        return
    assert os.environ["DATABASE_URL"] != empty_database_url
    with psycopg.connect(empty_database_url) as connection:
        counted = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert counted == (0,)


def test_a_migrated_database_for_a_process_is_a_copy(migrated_database_url: str) -> None:
    asked = "SELECT count(*) FROM django_migrations WHERE app = 'core'"
    if migrated_database_url.startswith("sqlite:///"):
        with closing(sqlite3.connect(migrated_database_url.removeprefix("sqlite:///"))) as database:
            counted = database.execute(asked).fetchone()
    else:
        with psycopg.connect(migrated_database_url) as connection:
            counted = connection.execute(asked).fetchone()
    assert counted is not None
    assert counted[0] > 10


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
