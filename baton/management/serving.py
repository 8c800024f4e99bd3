"""The serving itself: one listener, one event loop, one orderly end."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, nullcontext
from types import FrameType

import uvicorn
from django.urls import get_resolver

# Requests in work get this long to finish, the jobs get the rest of the 30 seconds that a stop may take.
_DRAIN_SECONDS = 15
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class AddressTaken(Exception):
    """The address can't be listened on; the message says why and what to do."""


def bind(host: str, port: int) -> socket.socket:
    """Return a socket bound to the address, not listening yet: nobody is kept waiting by a server that isn't ready.

    Raises AddressTaken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host.strip("[]"), port))
    except OSError as error:
        listener.close()
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise AddressTaken(f"Can't listen on {host}, port {port}: {reason}. Choose another with --port.") from None
    return listener


def leave_when_told() -> None:
    """Until serving begins, end without a trace on SIGINT and SIGTERM; what a migration had begun is rolled back."""
    for number in _SIGNALS:
        signal.signal(number, _leave)


def serve(listener: socket.socket, *, on_ready: Callable[[], None], with_jobs: bool) -> None:
    """Serve on the socket until SIGINT or SIGTERM, then let the requests and jobs in work finish.

    Calls `on_ready` when requests are answered. Worker and scheduler run beside it `with_jobs`.
    """
    from baton.asgi import application, leave
    from baton.management.patient_http import PatientConnection
    from baton.management.patient_socket import PatientSocket

    server = _Server(
        uvicorn.Config(
            application,
            loop="uvloop" if sys.platform != "win32" else "asyncio",
            http=PatientConnection,
            ws=PatientSocket,
            ws_max_size=64 * 1024,
            # A thousand sockets would each keep a dictionary, to save a few bytes on messages of some hundred.
            ws_per_message_deflate=False,
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            # `wire.proxies` looks behind proxies, in the same way under every server.
            proxy_headers=False,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=_DRAIN_SECONDS,
        ),
        on_ready,
        leave,
    )
    # Imported before anybody is told that it is ready, not by the first who asks.
    get_resolver().url_patterns  # noqa: B018
    # uvicorn catches the signals while it runs and raises them again at its end; this is where they end.
    for number in _SIGNALS:
        signal.signal(number, _ignore)
    with _jobs() if with_jobs else nullcontext():
        server.run(sockets=[listener])


@contextmanager
def _jobs() -> Iterator[None]:
    from baton.jobs.embedded import EmbeddedJobs

    jobs = EmbeddedJobs()
    jobs.start()
    try:
        yield
    finally:
        jobs.stop()


class _Server(uvicorn.Server):
    """uvicorn's server, which tells when it has started, and the live connections before it stops."""

    def __init__(
        self, config: uvicorn.Config, on_ready: Callable[[], None], leave: Callable[[], Awaitable[None]]
    ) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._leave = leave

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # uvicorn would close every socket with 1012 and not a word about where to go on.
        await self._leave()
        await super().shutdown(sockets)


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: the stop has been carried out."""
