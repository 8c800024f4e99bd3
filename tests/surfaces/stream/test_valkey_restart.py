"""Valkey comes and goes under open sockets while events are written: 0 missing, 0 twice (R25)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from time import sleep

import pytest
import redis
from pytest_django import Settings

from baton.adapters import redis_server
from baton.adapters.bus import Channel
from tests.adapters.test_bus import deaf_to_this_process
from tests.cast import Cast
from tests.factories import make_task
from tests.servers.process import free_port
from tests.servers.valkey import valkey
from tests.surfaces.stream.served import Served, Socket, socket_of
from tests.surfaces.stream.test_order import hear_to, in_log


@pytest.fixture(autouse=True)
def no_outage() -> Iterator[None]:
    """Let no other test remember what this one finds."""
    redis_server._Outage.ends_at = 0
    yield
    redis_server._Outage.ends_at = 0


@contextmanager
def writing(cast: Cast) -> Iterator[None]:
    over = threading.Event()

    def write() -> None:
        while not over.wait(0.02):
            make_task(cast.owner, cast.project)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def wait_for_listeners(url: str) -> None:
    with redis.Redis.from_url(url) as client:
        for _ in range(100):
            if client.pubsub_numsub(Channel.LOG)[0][1]:
                return
            sleep(0.1)
    raise AssertionError("nobody listens to the Valkey that came back")


def test_valkey_restarts_while_events_are_written(served: Served, cast: Cast, settings: Settings) -> None:
    port, begin = free_port(), in_log(cast)[-1]
    with ExitStack() as writers, socket_of(served, cast.viewer) as opened, socket_of(served, cast.owner) as newcomer:
        with valkey(port) as url:
            settings.BATON_REDIS_URL = url
            opened.subscribe(begin, [cast.project.pk])
            wait_for_listeners(url)
            # Nothing but Valkey tells the hub, as if another process wrote.
            writers.enter_context(deaf_to_this_process())
            writers.enter_context(writing(cast))
            heard = hear_some(opened)
        heard += hear_some(opened)
        newcomer_heard = [event["cursor"] for event in newcomer.subscribe(begin, [cast.project.pk])]
        with valkey(port) as url:
            wait_for_listeners(url)
            heard += hear_some(opened)
            writers.close()
            written = in_log(cast)[1:]
            assert hear_to(opened, written[-1], heard) == written
            assert hear_to(newcomer, written[-1], newcomer_heard) == written


def hear_some(opened: Socket) -> list[str]:
    return [opened.hear()["cursor"] for _ in range(30)]
