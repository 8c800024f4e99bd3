"""Saying that something was committed: to listeners of this process at once, to other processes from a thread."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from time import sleep

import redis
import structlog
from django.conf import settings
from django.db import DatabaseError, connection

from baton.adapters.bus import CHANNEL
from baton.adapters.redis_server import RedisGone, connect, note_outage

logger = structlog.get_logger(__name__)

Ear = Callable[[], None]

# Commits that follow each other more closely are announced together.
_PAUSE = 0.005

_ears: list[Ear] = []


def announce() -> None:
    """Wake up whoever reads the log. Call it after a commit (`transaction.on_commit`): it never waits nor raises."""
    for ear in _ears:
        ear()
    if settings.BATON_REDIS_URL or connection.vendor == "postgresql":
        _announcer.ask()


def lend_ear(ear: Ear) -> None:
    """Have `ear` called after each commit of this process, in the thread that committed: it must do next to nothing."""
    _ears.append(ear)


def withdraw_ear(ear: Ear) -> None:
    """Stop calling it."""
    _ears.remove(ear)


class _Announcer:
    """A thread of this process that tells other processes; it begins with the first commit."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._process = 0

    def ask(self) -> None:
        # A server may fork after the thread has begun, and the child has no such thread.
        if self._process != os.getpid():
            self._process = os.getpid()
            threading.Thread(target=self._run, name="announcer", daemon=True).start()
        self._asked.set()

    def _run(self) -> None:
        while True:
            self._asked.wait()
            self._asked.clear()
            try:
                _tell_others()
            except (RedisGone, DatabaseError) as error:
                logger.debug("bus.not_announced", error=str(error))
            except Exception:  # nobody would begin another thread
                logger.warning("bus.not_announced", exc_info=True)
            sleep(_PAUSE)


_announcer = _Announcer()


def _tell_others() -> None:
    if settings.BATON_REDIS_URL:
        _publish()
    elif connection.vendor == "postgresql":
        _notify()


def _publish() -> None:
    try:
        connect().publish(CHANNEL, b"")
    except redis.RedisError as error:
        note_outage()
        raise RedisGone from error


def _notify() -> None:
    # A transaction of its own: inside the writer's, NOTIFY would make all writers queue at their commits.
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")
    finally:
        connection.close()  # back into the pool
