"""Webhooks from the real process, which is killed in the middle."""

from __future__ import annotations

import json
import signal
import sqlite3
import threading
import time
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.receiver import Receiver, Reply, Sent, receiving
from tests.runtime.serving import Served, free_port, serving

KEY = "a key of the tests only, long enough for anything"
# Lets every pause and every lease be over, as if an hour had passed.
AN_HOUR_PASSES = (
    "UPDATE core_delivery SET next_try_at = {now} WHERE state = 'waiting'",
    "UPDATE core_delivery SET lease_until = {now} WHERE state = 'sending'",
)


class Api:
    """Somebody who calls the running server."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.token = ""

    def post(self, path: str, body: object) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.served.port}/api/{path}",
            json.dumps(body).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"} if self.token else {},
        )
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")

    def register(self) -> None:
        password = "correct horse battery"
        fields = {"username": "anna", "email": "anna@example.org", "password": password, "password_confirm": password}
        self.token = self.post("auth/register/", fields)["tokens"]["access"]


def test_a_receiver_gets_everything_in_order_though_the_server_is_killed(
    tmp_path: Path, empty_database_url: str
) -> None:
    given = {
        "BATON_SECRET_KEY": KEY,
        "DATABASE_URL": empty_database_url,
        "BATON_OUTGOING_NETWORKS": "127.0.0.1/32",
        "BATON_FOLLOW_SECONDS": "0.2",
    }
    data, port, receiver_port = tmp_path / "data", free_port(), free_port()
    with serving(data, "--no-demo", port=port, **given) as served:
        served.wait_until_ready(90)
        api = Api(served)
        api.register()
        project = api.post("projects/", {"name": "Garden"})["id"]
        hook = {"url": f"http://127.0.0.1:{receiver_port}/hook", "project": project, "verbs": ["task.created"]}
        api.post("webhooks/", hook)
        tasks = [api.post("tasks/", {"project": project, "title": f"Task {n}"})["id"] for n in range(20)]
        _wait_for(lambda: "delivery.tried" in served.log.read_text())
        served.stop(signal.SIGKILL)

    # Up again, the receiver has the server killed while it is at the eighth.
    middle = threading.Event()
    with receiving(lambda _sent: _stall_at(8, receiver, middle), port=receiver_port) as receiver:
        with serving(data, "--no-demo", port=port, **given) as served:
            served.wait_until_ready(90)
            _pass_an_hour(empty_database_url)
            assert middle.wait(30), served.log.read_text()
            served.stop(signal.SIGKILL)
        receiver.reply = lambda _sent: (204, {}, b"")
        with serving(data, "--no-demo", port=port, **given) as served:
            api.served = served
            served.wait_until_ready(90)
            tasks += [api.post("tasks/", {"project": project, "title": "Late"})["id"] for _ in range(3)]
            _pass_an_hour(empty_database_url)
            _wait_for(lambda: len(_once(receiver)) == len(tasks))
            assert served.stop() == 0
    assert [json.loads(sent.body)["data"]["task"] for sent in _once(receiver)] == tasks
    assert len(receiver.sent) - len(tasks) <= 1, "only what was under way when it was killed comes again"


def _stall_at(number: int, receiver: Receiver, middle: threading.Event) -> Reply:
    if len(receiver.sent) == number:
        middle.set()
        time.sleep(2)
    return (204, {}, b"")


def _pass_an_hour(database_url: str) -> None:
    if database_url.startswith("sqlite"):
        now = "strftime('%Y-%m-%d %H:%M:%f', 'now')"
        with closing(sqlite3.connect(urlsplit(database_url).path[1:], timeout=20)) as database, database:
            for statement in AN_HOUR_PASSES:
                database.execute(statement.format(now=now))
        return
    with psycopg.connect(database_url) as server:
        for statement in AN_HOUR_PASSES:
            server.execute(statement.format(now="now()").encode())


def _once(receiver: Receiver) -> list[Sent]:
    """Return what a receiver keeps that drops what it has had already."""
    kept = {sent.headers["webhook-id"]: sent for sent in reversed(receiver.sent)}
    return sorted(kept.values(), key=receiver.sent.index)


def _wait_for(is_so: Any, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            pytest.fail(f"not within {seconds} seconds")
        time.sleep(0.05)
