"""Following what happens: nothing lost, nothing twice, whatever breaks."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import httpx2
import pytest

from baton.client import AsyncClient, Client, Event, NotFound, NotLoggedIn, Resync, Unreachable
from tests.client.conftest import BRISK, Somebody, register
from tests.runtime.serving import free_port, serving


class WithoutStream(httpx2.HTTPTransport):
    """A server that has no stream, as behind a plain WSGI server."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/api/stream/":
            return httpx2.Response(404)
        return super().handle_request(request)


@pytest.fixture(params=["stream", "poll"])
def follower(request: pytest.FixtureRequest, somebody: Somebody) -> Iterator[Client]:
    """Give a client that follows one way and the other."""
    transport = WithoutStream() if request.param == "poll" else None
    with somebody.another(tokens=somebody.tokens, transport=transport) as client:
        yield client


def take(events: Iterator[Event], number: int) -> list[Event]:
    with closing(events):  # type: ignore[type-var]  # a generator
        return list(islice(events, number))


def test_from_the_first_event_on(somebody: Somebody, follower: Client) -> None:
    for number in range(5):
        somebody.client.create_task(somebody.project.id, f"Lamp {number}")
    log = somebody.client.poll_events("0-0", page_size=200).results

    followed = take(follower.follow("0-0"), len(log))

    assert followed == log
    middle = len(log) // 2
    assert take(follower.follow(log[middle].cursor), len(log) - middle - 1) == log[middle + 1 :]


def test_from_now_on(somebody: Somebody, follower: Client) -> None:
    somebody.client.create_task(somebody.project.id, "Before")
    is_heard = threading.Event()

    def write() -> None:
        # Nobody tells when the other begins to follow.
        while not is_heard.wait(0.3):
            somebody.client.create_task(somebody.project.id, "After")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        (event,) = take(follower.follow(projects=[somebody.project.id]), 1)
    finally:
        is_heard.set()
        writer.join()

    assert event.changes["title"] == [None, "After"]


def test_only_of_some_projects(somebody: Somebody, follower: Client) -> None:
    others = [somebody.client.create_project(name).id for name in ("Harbour", "Pier")]
    for project in (somebody.project.id, *others):
        somebody.client.create_task(project, "Lamp")

    events = take(follower.follow("0-0", projects=others), 4)

    assert {event.project for event in events} == set(others)
    for unknown in ([10**9], [others[0], 10**9]):
        with pytest.raises(NotFound):
            next(follower.follow("0-0", projects=unknown))


def test_a_cursor_of_another_log_is_a_resync(follower: Client) -> None:
    with pytest.raises(Resync):
        next(follower.follow("123456789012-123456789012"))


def test_nobody_is_let_in(somebody: Somebody) -> None:
    with somebody.another() as nobody, pytest.raises(NotLoggedIn):
        next(nobody.follow())


def test_no_server_is_said_at_the_beginning() -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    with Client(nowhere, token="bat_x", patience=BRISK) as client, pytest.raises(Unreachable):
        next(client.follow())


def test_a_server_killed_and_started_again(tmp_path: Path, migrated_database_url: str) -> None:
    port, data = free_port(), tmp_path / "data"
    followed: dict[str, list[str]] = {}
    threads: dict[str, threading.Thread] = {}
    with serving(data, "--no-demo", port=port, DATABASE_URL=migrated_database_url) as first:
        first.wait_until_ready(60)
        somebody = register(f"http://127.0.0.1:{port}")
        for how, follow in {"blocking": follow_blocking, "asynchronous": follow_async}.items():
            followed[how] = []
            threads[how] = threading.Thread(target=follow, args=(somebody, followed[how]), daemon=True)
            threads[how].start()
        write(somebody, "Before")
        first.stop(signal.SIGKILL)
    with serving(data, "--no-demo", port=port, DATABASE_URL=migrated_database_url) as second:
        second.wait_until_ready(60)
        write(somebody, "After")
        somebody.client.create_task(somebody.project.id, "The last")
        log = [event.cursor for event in somebody.client.poll_events("0-0", page_size=200).results]
        for how, thread in threads.items():
            thread.join(30)
            assert not thread.is_alive(), f"{how}: only {len(followed[how])} of {len(log)} events came"
            assert followed[how] == log, how
        assert len(log) > 20
    somebody.client.close()


def write(somebody: Somebody, title: str) -> None:
    for number in range(10):
        somebody.client.create_task(somebody.project.id, f"{title} {number}")
        time.sleep(0.02)


def is_last(event: Event) -> bool:
    return event.changes.get("title") == [None, "The last"]


def follow_blocking(somebody: Somebody, followed: list[str]) -> None:
    with somebody.another(tokens=somebody.tokens) as client:
        for event in client.follow("0-0"):
            followed.append(event.cursor)
            if is_last(event):
                return


def follow_async(somebody: Somebody, followed: list[str]) -> None:
    async def follow() -> None:
        async with AsyncClient(somebody.url, tokens=somebody.tokens, patience=BRISK) as client:
            async for event in client.follow("0-0"):
                followed.append(event.cursor)
                if is_last(event):
                    return

    asyncio.run(follow())
