"""Hearing what is announced, in whatever process: a thread that calls the ear of its channel."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import psycopg
import redis
import structlog
from django.conf import settings
from django.db import DatabaseError, connection

from baton.adapters.bus import Channel
from baton.adapters.bus.announcing import Ear, lend_ear, withdraw_ear
from baton.lib.redis_urls import speak_redis

logger = structlog.get_logger(__name__)

Ears = Mapping[Channel, Ear]

_LOOKS_AT_STOP = 0.5
_TRIES_AGAIN = 1.0
# How often SQLite is asked whether another process has written.
_SQLITE_PERIOD = 0.1


class Listening:
    """Calls the ear of what is announced in this process and in others, until `stop`; from other threads.

    Of the log one hears too often rather than too seldom: also at the beginning, and whenever something may have been
    missed. What else this process announces is for others, who may be told it too.
    """

    def __init__(self, ears: Ears) -> None:
        self._ears = ears
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bus", daemon=True)

    def start(self) -> None:
        """Begin."""
        lend_ear(self._ears[Channel.LOG])
        self._thread.start()

    def stop(self) -> None:
        """End; waits for the thread, which looks every half second."""
        withdraw_ear(self._ears[Channel.LOG])
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        listen = _choose()
        while not self._stopped.is_set():
            try:
                listen(self._ears, self._stopped)
            except (redis.RedisError, psycopg.Error, DatabaseError) as error:
                logger.warning("bus.deaf", error=str(error).strip())
                self._stopped.wait(_TRIES_AGAIN)


def _choose() -> Callable[[Ears, threading.Event], None]:
    if settings.BATON_REDIS_URL:
        return _listen_to_redis
    return _listen_to_postgresql if connection.vendor == "postgresql" else _watch_sqlite


def _listen_to_redis(ears: Ears, stopped: threading.Event) -> None:
    url = speak_redis(settings.BATON_REDIS_URL)
    with (
        redis.Redis.from_url(url, socket_connect_timeout=2, health_check_interval=10) as client,
        client.pubsub() as hub,
    ):
        hub.subscribe(*ears)
        _say_something_was_missed(ears)
        while not stopped.is_set():
            if heard := hub.get_message(ignore_subscribe_messages=True, timeout=_LOOKS_AT_STOP):
                ears[Channel(heard["channel"].decode())](heard["data"].decode(errors="replace"))


def _listen_to_postgresql(ears: Ears, stopped: threading.Event) -> None:
    # A connection of its own: it would be a lie in a pool, and a statement's time limit means nothing to it.
    parameters: dict[str, Any] = connection.get_connection_params()
    with psycopg.connect(**{**parameters, "autocommit": True}) as listener:
        for channel in ears:
            listener.execute(f"LISTEN {channel}")
        _say_something_was_missed(ears)
        while not stopped.is_set():
            for heard in listener.notifies(timeout=_LOOKS_AT_STOP, stop_after=1):
                ears[Channel(heard.channel)](heard.payload)


def _say_something_was_missed(ears: Ears) -> None:
    for ear in ears.values():
        ear("")


def _watch_sqlite(ears: Ears, stopped: threading.Event) -> None:
    try:
        before = None
        while not stopped.wait(_SQLITE_PERIOD):
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA data_version")
                now = cursor.fetchone()
            if now != before:
                before = now
                ears[Channel.LOG]("")
    finally:
        connection.close()
