"""Announcing: to listeners of this process at once, to other processes from a thread."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from time import sleep
from typing import NamedTuple

import redis
import structlog
from django.conf import settings
from django.db import DatabaseError, connection

from baton.adapters.bus import Channel
from baton.adapters.redis_server import RedisGone, connect, note_outage

logger = structlog.get_logger(__name__)

Ear = Callable[[str], None]
"""Hears what was announced on a channel; nothing ("") where something may have been missed."""

# PostgreSQL takes 7,999 bytes in a notification.
LONGEST = 7000
# What follows more closely is announced together, and what is said twice only once.
_PAUSE = 0.005
# While nobody can be reached, no more than this waits to be said.
_MOST_WAITING = 1000

_ears: list[Ear] = []


def announce() -> None:
    """Wake up whoever reads the log. Call it after a commit (`transaction.on_commit`): it never waits nor raises."""
    for ear in _ears:
        ear("")
    tell_others(Channel.LOG)


def tell_others(channel: Channel, said: str = "") -> None:
    """Say this, of at most LONGEST characters of ASCII, in the other processes. It never waits nor raises."""
    if settings.BATON_REDIS_URL or connection.vendor == "postgresql":
        _announcer.ask(_Announcement(channel, said))


def lend_ear(ear: Ear) -> None:
    """Have `ear` called after each commit of this process, in the thread that committed: it must do next to nothing."""
    _ears.append(ear)


def withdraw_ear(ear: Ear) -> None:
    """Stop calling it."""
    _ears.remove(ear)


class _Announcement(NamedTuple):
    channel: Channel
    said: str


class _Announcer:
    """A thread of this process that tells other processes; it begins with the first announcement."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[_Announcement] = SimpleQueue()
        self._process = 0

    def ask(self, announcement: _Announcement) -> None:
        # A server may fork after the thread has begun, and the child has no such thread.
        if self._process != os.getpid():
            self._process = os.getpid()
            self._waiting = SimpleQueue()
            threading.Thread(target=self._run, args=(self._waiting,), name="announcer", daemon=True).start()
        if self._waiting.qsize() < _MOST_WAITING:
            self._waiting.put(announcement)

    def _run(self, waiting: SimpleQueue[_Announcement]) -> None:
        while True:
            announcements = _take_all(waiting)
            try:
                _announce_all(announcements)
            except (RedisGone, DatabaseError) as error:
                logger.debug("bus.not_announced", error=str(error))
            except Exception:  # nobody would begin another thread
                logger.warning("bus.not_announced", exc_info=True)
            sleep(_PAUSE)


_announcer = _Announcer()


def _take_all(waiting: SimpleQueue[_Announcement]) -> list[_Announcement]:
    """Wait for something, and return it with all else that waits, each once."""
    taken = [waiting.get()]
    try:
        while True:
            taken.append(waiting.get_nowait())
    except Empty:
        return list(dict.fromkeys(taken))


def _announce_all(announcements: list[_Announcement]) -> None:
    if settings.BATON_REDIS_URL:
        _publish(announcements)
    elif connection.vendor == "postgresql":
        _notify(announcements)


def _publish(announcements: list[_Announcement]) -> None:
    try:
        server = connect()
        for channel, said in announcements:
            server.publish(channel, said)
    except redis.RedisError as error:
        note_outage()
        raise RedisGone from error


def _notify(announcements: list[_Announcement]) -> None:
    # Transactions of their own: inside the writer's, NOTIFY would make all writers queue at their commits.
    try:
        with connection.cursor() as cursor:
            for channel, said in announcements:
                cursor.execute("SELECT pg_notify(%s, %s)", [channel.value, said])
    finally:
        connection.close()  # back into the pool
