"""What one client may cost: the slow, the silent and the many (R22)."""

from __future__ import annotations

import socket as sockets
from contextlib import ExitStack, suppress
from time import monotonic, sleep

import pytest
from django.db import transaction
from websockets.exceptions import ConnectionClosed

from baton.core.commands.projects import edit_project
from baton.core.models import User
from baton.live import subscription as subscriptions
from baton.management import patient_writing
from baton.surfaces.stream import websocket
from tests.cast import Cast
from tests.factories import actor_of, bearer, make_task
from tests.surfaces.stream.served import Served, socket_of

pytestmark = pytest.mark.any_database


def stop_reading(served: Served, user: User) -> sockets.socket:
    """Return a raw connection that has subscribed and takes nothing more; its window is small."""
    raw = sockets.socket()
    raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
    raw.connect(("127.0.0.1", served.port))
    head = [
        "GET /ws/stream/ HTTP/1.1",
        f"Host: {served.address}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        f"Authorization: {bearer(user)['HTTP_AUTHORIZATION']}",
    ]
    raw.sendall("\r\n".join([*head, "", ""]).encode())
    assert raw.recv(4096).startswith(b"HTTP/1.1 101")
    text = b'{"type":"subscribe"}'
    raw.sendall(bytes([0x81, 0x80 | len(text)]) + b"\0\0\0\0" + text)
    return raw


def wait_for(condition: object, within: float = 10) -> None:
    assert callable(condition)
    end = monotonic() + within
    while not condition():
        assert monotonic() < end
        sleep(0.05)


def flood(cast: Cast, number: int) -> None:
    """Write big events, until no buffer on the way has room."""
    for _ in range(number):
        edit_project(actor_of(cast.owner), cast.project.pk, {"description": "x" * 90_000})
        edit_project(actor_of(cast.owner), cast.project.pk, {"description": "y" * 90_000})


def test_who_reads_nothing_is_let_go_and_slows_nobody(
    served: Served, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patient_writing, "READING_SECONDS", 1)
    with ExitStack() as stack:
        silent = [stack.enter_context(stop_reading(served, cast.viewer)) for _ in range(5)]
        reader = stack.enter_context(socket_of(served, cast.editor))
        reader.subscribe()
        wait_for(lambda: served.hub.count == len(silent) + 1)
        flood(cast, 40)
        started = monotonic()
        make_task(cast.owner, cast.project, "The last")
        while reader.hear()["verb"] != "task.created":
            pass
        assert monotonic() - started < 5
        wait_for(lambda: served.hub.count == 1)


def test_who_is_too_slow_is_told_where_to_go_on(served: Served, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """It reads, but not for so long that every buffer on the way is full."""
    monkeypatch.setattr(subscriptions, "SLOW_AFTER", 0.2)
    with socket_of(served, cast.viewer, most_unread=16) as opened:
        opened.subscribe()
        heard = []
        # More than all the system's buffers between the two take: they grow to some ten megabytes.
        flood(cast, 120)
        wait_for(lambda: served.hub.count == 1 and is_over(served))
        with suppress(ConnectionClosed):
            while True:
                heard.append(opened.hear()["cursor"])
        code, reason = opened.hear_close()
        assert code == 1013
        cursor = reason.removeprefix("too_slow cursor=")
    assert cursor == heard[-1]
    with socket_of(served, cast.viewer) as again:
        rest = [event["cursor"] for event in again.subscribe(cursor) if event["verb"] == "project.edited"]
        assert len(set(heard + rest)) == len(heard) + len(rest) == 240


def is_over(served: Served) -> bool:
    return any(subscription.ended for subscription in tuple(served.hub._subscriptions))


def test_a_burst_is_no_fault_of_who_keeps_up(served: Served, cast: Cast) -> None:
    """Many more events in one commit than may wait, and more bytes."""
    with socket_of(served, cast.viewer) as opened:
        opened.subscribe()
        with transaction.atomic():
            for number in range(subscriptions.MOST_EVENTS + 100):
                make_task(cast.owner, cast.project, f"Task {number}")
            flood(cast, 10)
        heard = [opened.hear() for _ in range(subscriptions.MOST_EVENTS + 120)]
        assert len({event["cursor"] for event in heard}) == len(heard)
        make_task(cast.owner, cast.project, "Live again")
        assert opened.hear()["changes"]["title"][1] == "Live again"


def test_a_client_that_takes_nothing_for_too_long(served: Served, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few events, so that its buffer never runs over: it is the time that runs out."""
    monkeypatch.setattr(websocket, "TAKES_WITHIN", 0.5)
    monkeypatch.setattr(patient_writing, "READING_SECONDS", 0.5)
    monkeypatch.setattr(subscriptions, "MOST_EVENTS", 10_000)
    monkeypatch.setattr(subscriptions, "MOST_BYTES", 2**30)
    with stop_reading(served, cast.viewer):
        wait_for(lambda: served.hub.count == 1)
        flood(cast, 30)
        wait_for(lambda: served.hub.count == 0)
