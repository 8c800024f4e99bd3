"""Hearing that the log has grown, whoever wrote to it: a thread that calls `on_wake`."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import psycopg
import redis
import structlog
from django.conf import settings
from django.db import DatabaseError, connection

from baton.adapters.bus import CHANNEL
from baton.adapters.bus.announcing import lend_ear, withdraw_ear
from baton.lib.redis_urls import speak_redis

logger = structlog.get_logger(__name__)

Wake = Callable[[], None]

_LOOKS_AT_STOP = 0.5
_TRIES_AGAIN = 1.0
# How often SQLite is asked whether another process has written.
_SQLITE_PERIOD = 0.1


class Listening:
    """Calls `on_wake` after commits of this process and of others, until `stop`; from other threads, and too often."""

    def __init__(self, on_wake: Wake) -> None:
        self._on_wake = on_wake
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bus", daemon=True)

    def start(self) -> None:
        """Begin."""
        lend_ear(self._on_wake)
        self._thread.start()

    def stop(self) -> None:
        """End; waits for the thread, which looks every half second."""
        withdraw_ear(self._on_wake)
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        listen = _choose()
        while not self._stopped.is_set():
            try:
                listen(self._on_wake, self._stopped)
            except (redis.RedisError, psycopg.Error, DatabaseError) as error:
                logger.warning("bus.deaf", error=str(error).strip())
                self._stopped.wait(_TRIES_AGAIN)


def _choose() -> Callable[[Wake, threading.Event], None]:
    if settings.BATON_REDIS_URL:
        return _listen_to_redis
    return _listen_to_postgresql if connection.vendor == "postgresql" else _watch_sqlite


def _listen_to_redis(on_wake: Wake, stopped: threading.Event) -> None:
    url = speak_redis(settings.BATON_REDIS_URL)
    with (
        redis.Redis.from_url(url, socket_connect_timeout=2, health_check_interval=10) as client,
        client.pubsub() as hub,
    ):
        hub.subscribe(CHANNEL)
        on_wake()  # what was announced while nobody listened
        while not stopped.is_set():
            if hub.get_message(ignore_subscribe_messages=True, timeout=_LOOKS_AT_STOP):
                on_wake()


def _listen_to_postgresql(on_wake: Wake, stopped: threading.Event) -> None:
    # A connection of its own: it would be a lie in a pool, and a statement's time limit means nothing to it.
    parameters: dict[str, Any] = connection.get_connection_params()
    with psycopg.connect(**{**parameters, "autocommit": True}) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        on_wake()
        while not stopped.is_set():
            for _ in listener.notifies(timeout=_LOOKS_AT_STOP, stop_after=1):
                on_wake()


def _watch_sqlite(on_wake: Wake, stopped: threading.Event) -> None:
    try:
        before = None
        while not stopped.wait(_SQLITE_PERIOD):
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA data_version")
                now = cursor.fetchone()
            if now != before:
                before = now
                on_wake()
    finally:
        connection.close()
