"""What somebody does with processes that run: calls them, waits, and lets time pass in their database."""

from __future__ import annotations

import json
import sqlite3
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.receiver import Receiver, Sent

_END_PAUSES = "UPDATE core_delivery SET next_try_at = {now} WHERE state = 'waiting'"
_END_LEASES = "UPDATE core_delivery SET lease_until = {now} WHERE state = 'sending'"


class Api:
    """Somebody who calls the running server."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.token = ""

    def post(self, path: str, body: object) -> Any:
        """Return what is answered. Raises HTTPError where it isn't a success."""
        return self._ask("POST", path, body)

    def delete(self, path: str) -> Any:
        """Return what is answered. Raises HTTPError where it isn't a success."""
        return self._ask("DELETE", path, None)

    def register(self, name: str = "anna") -> int:
        """Become a new account, and use it from now on; return its id."""
        password = "correct horse battery"
        fields = {"username": name, "email": address_of(name), "password": password, "password_confirm": password}
        answer = self.post("auth/register/", fields)
        self.token = answer["tokens"]["access"]
        return int(answer["id"])

    def _ask(self, method: str, path: str, body: object) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/{path}",
            json.dumps(body).encode() if body is not None else None,
            {"Content-Type": "application/json"},
            method=method,
        )
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")


def address_of(name: str) -> str:
    """Return the address of the account of this name."""
    return f"{name}@example.org"


def run_sql(database_url: str, *statements: str) -> list[Any]:
    """Run statements with `{now}` in them in one transaction; return the rows of the last."""
    if database_url.startswith("sqlite"):
        now = "strftime('%Y-%m-%d %H:%M:%f', 'now')"
        with closing(sqlite3.connect(urlsplit(database_url).path[1:], timeout=20)) as database, database:
            return [database.execute(statement.format(now=now)).fetchall() for statement in statements][-1]
    with psycopg.connect(database_url) as server:
        done = [server.execute(statement.format(now="now()").encode()) for statement in statements][-1]
        return done.fetchall() if done.description else []


def pass_an_hour(database_url: str) -> None:
    """Let every pause between tries and every lease be over."""
    run_sql(database_url, _END_PAUSES, _END_LEASES)


def end_pauses(database_url: str) -> None:
    """Let every pause between tries be over, and no lease: for what is being sent while time passes."""
    run_sql(database_url, _END_PAUSES)


def once(receiver: Receiver) -> list[Sent]:
    """Return what a receiver keeps that drops what it has had already."""
    kept = {sent.headers["webhook-id"]: sent for sent in reversed(receiver.sent)}
    return sorted(kept.values(), key=receiver.sent.index)


def wait_for(is_so: Callable[[], object], seconds: float = 30, *, why: Callable[[], str] = str) -> None:
    """Wait until it is so. Fails the test otherwise, saying `why`."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            pytest.fail(f"not within {seconds} seconds {why()}")
        time.sleep(0.05)
