"""Waking up: what one process commits, another hears of; and what nobody announces is read all the same."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

import pytest
import redis
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import Settings

from baton.adapters import redis_server
from baton.adapters.bus import Channel, announcing
from baton.adapters.bus.announcing import announce
from baton.adapters.bus.listening import Listening
from baton.core.actor import SYSTEM
from baton.core.events.facts.tasks import TaskWatched
from baton.core.events.record import record


@pytest.fixture(autouse=True)
def no_outage() -> Iterator[None]:
    """Forget that another test has found Redis gone, and let none remember what this one finds."""
    redis_server._Outage.ends_at = 0
    yield
    redis_server._Outage.ends_at = 0


@contextmanager
def listening() -> Iterator[threading.Event]:
    """Listen, and give a signal that is set at each wake-up; it begins unset."""
    woken = threading.Event()
    ear = Listening({Channel.LOG: lambda _: woken.set()})
    ear.start()
    sleep(0.5)  # what is heard at the beginning, in case
    woken.clear()
    try:
        yield woken
    finally:
        ear.stop()


@contextmanager
def deaf_to_this_process() -> Iterator[None]:
    ears = announcing._ears[:]
    announcing._ears.clear()
    try:
        yield
    finally:
        announcing._ears[:] = ears


@pytest.mark.django_db(transaction=True)
def test_a_commit_of_this_process() -> None:
    with listening() as woken:
        with transaction.atomic():
            record(SYSTEM, TaskWatched(), at=timezone.now())
            assert not woken.wait(0.2), "nothing is announced before the commit"
        assert woken.wait(10)


@pytest.mark.django_db(transaction=True)
def test_a_rollback_is_not_announced() -> None:
    with deaf_to_this_process(), listening() as woken:
        with transaction.atomic():
            record(SYSTEM, TaskWatched(), at=timezone.now())
            transaction.set_rollback(True)
        assert not woken.wait(0.3)


@pytest.mark.django_db(transaction=True)
def test_postgresql_tells_other_processes() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("about PostgreSQL")
    with listening() as woken, deaf_to_this_process():
        with transaction.atomic():
            record(SYSTEM, TaskWatched(), at=timezone.now())
        assert woken.wait(10)


@pytest.mark.django_db(transaction=True)
def test_sqlite_notices_another_process() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("about SQLite")
    with listening() as woken:
        # As good as another process: a connection that Django knows nothing of.
        with sqlite3.connect(connection.settings_dict["NAME"]) as other:
            other.execute("INSERT INTO core_reactioncursor VALUES ('other', 0, 0, '2026-01-01 00:00:00')")
        other.close()
        assert woken.wait(10)


def test_valkey_tells_other_processes(redis_url: str, settings: Settings) -> None:
    settings.BATON_REDIS_URL = redis_url
    with listening() as woken, deaf_to_this_process():
        # Who subscribes is not told when Valkey knows of it.
        for _ in range(10):
            announce()
            if woken.wait(1):
                break
        assert woken.is_set()


def test_many_commits_are_announced_together(redis_url: str, settings: Settings) -> None:
    settings.BATON_REDIS_URL = redis_url
    with redis.Redis.from_url(redis_url) as client, client.pubsub() as heard:
        heard.subscribe(Channel.LOG)
        heard.get_message(timeout=2)
        for _ in range(10_000):
            announce()
        sleep(0.3)
        number = 0
        while heard.get_message(timeout=0.1):
            number += 1
    assert 1 <= number < 1000


def test_nobody_waits_for_a_server_that_is_gone(settings: Settings) -> None:
    settings.BATON_REDIS_URL = "redis://127.0.0.1:1/0"
    started = monotonic()
    for _ in range(100):
        announce()
    assert monotonic() - started < 0.5
