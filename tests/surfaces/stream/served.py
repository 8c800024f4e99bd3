"""The live stream over real sockets, served by a thread of the tests' process and so on the tests' database."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import jsonschema_rs
import pytest
import uvicorn
from django.core.wsgi import get_wsgi_application
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from baton.core.models import User
from baton.lib.wsgi_bridge import WSGIBridge
from baton.live.hub import Hub
from baton.management.patient_http import PatientConnection
from baton.management.patient_socket import PatientSocket
from baton.surfaces.stream.application import LiveStream
from baton.surfaces.stream.asyncapi import build_document
from tests.factories import bearer

PATIENCE = 10.0


@dataclass
class Served:
    """A server with its hub."""

    port: int
    hub: Hub
    loop: asyncio.AbstractEventLoop

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def leave(self) -> None:
        """Do what a server does first when it is told to stop."""
        asyncio.run_coroutine_threadsafe(self.hub.close(), self.loop).result(PATIENCE)


@contextmanager
def serve_live() -> Iterator[Served]:
    """Serve until the block ends."""
    django = get_wsgi_application()
    hub = Hub()
    stream, http = LiveStream(django, hub), WSGIBridge(django, threads=2, max_body=2**20)

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket" or stream.takes(scope):
            await stream(scope, receive, send)
        else:
            await http(scope, receive, send)

    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        application,
        http=PatientConnection,
        ws=PatientSocket,
        ws_max_size=64 * 1024,
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    loops: list[asyncio.AbstractEventLoop] = []

    async def run() -> None:
        loops.append(asyncio.get_running_loop())
        try:
            await server.serve(sockets=[listener])
        finally:
            await hub.shut_down()

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    while not server.started:
        assert thread.is_alive()
    try:
        yield Served(listener.getsockname()[1], hub, loops[0])
    finally:
        server.should_exit = True
        thread.join()
        stream.close()
        http.close()


class Socket:
    """A client of the WebSocket. What the server sends is held against the AsyncAPI document."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    def say(self, type_: str, **members: object) -> None:
        self.connection.send(json.dumps({"type": type_, **members}))

    def hear(self, within: float = PATIENCE) -> dict[str, Any]:
        """Return the next message. Raises ConnectionClosed, and TimeoutError where none comes in time."""
        message: dict[str, Any] = json.loads(self.connection.recv(timeout=within))
        _validator(message["type"]).validate(message)
        return message

    def subscribe(self, after: str | None = None, projects: list[int] | None = None) -> list[dict[str, Any]]:
        """Subscribe and return what comes before `ready`."""
        self.say("subscribe", after=after, projects=projects)
        return self.hear_until_ready()

    def hear_until_ready(self) -> list[dict[str, Any]]:
        heard = []
        while (message := self.hear())["type"] == "event":
            heard.append(message)
        assert message["type"] == "ready", message
        return heard

    def hear_verbs(self, number: int) -> list[str]:
        return [self.hear()["verb"] for _ in range(number)]

    def hear_close(self, within: float = PATIENCE) -> tuple[int, str]:
        """Return code and reason of the close, which must be the next that comes."""
        with pytest.raises(ConnectionClosed) as closed:
            self.connection.recv(timeout=within)
        close = closed.value.rcvd
        assert close is not None, "it was cut and not closed"
        return close.code, close.reason


@contextmanager
def open_socket(served: Served, query: str = "", *, most_unread: int | None = None, **headers: str) -> Iterator[Socket]:
    """Open the WebSocket with these headers; with `most_unread` messages the client stops reading."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    address = f"ws://{served.address}/ws/stream/{query}"
    with connect(address, additional_headers=named, max_queue=most_unread, close_timeout=2) as connection:
        yield Socket(connection)


@contextmanager
def socket_of(served: Served, user: User, *, most_unread: int | None = None) -> Iterator[Socket]:
    """Open the WebSocket with a fresh session of the user's."""
    header = bearer(user)["HTTP_AUTHORIZATION"]
    with open_socket(served, most_unread=most_unread, authorization=header) as opened:
        yield opened


def refusal(served: Served, query: str = "", **headers: str) -> dict[str, Any]:
    """Return the problem document that the handshake is refused with."""
    try:
        with open_socket(served, query, most_unread=None, **headers):
            raise AssertionError("it was let in")
    except InvalidStatus as refused:
        answer = refused.response
        document: dict[str, Any] = json.loads(answer.body or b"")
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert document["status"] == answer.status_code
        return document


def _validator(type_: str) -> Any:
    if not _VALIDATORS:
        document = build_document()
        for name, message in document["components"]["messages"].items():
            schema = {**message["payload"], "components": document["components"]}
            _VALIDATORS[name] = jsonschema_rs.validator_for(schema)
    return _VALIDATORS[type_]


_VALIDATORS: dict[str, Any] = {}
