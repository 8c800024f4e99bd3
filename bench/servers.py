"""The servers that are measured: each on one core, with the generated tasks in a database of its own."""

from __future__ import annotations

import http.client
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from bench.cores import OTHERS, SERVER, on_cores
from tests.servers.process import free_port

CHECKOUT = Path(__file__).parent.parent
_STARTS_WITHIN = 60.0
_STOPS_WITHIN = 30.0


class NotServing(Exception):
    """A server could not be filled or started; the message ends with what it said."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program by name: the module that fills its database, and its command with `{port}` in it."""

    name: str
    filler: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Served:
    """A running server, with a token of the caller's."""

    name: str
    port: int
    pid: int
    token: str = field(repr=False)

    def request(self, method: str, path: str, body: object = None) -> bytes:
        """Return the bytes of a request."""
        content = b"" if body is None else msgspec.json.encode(body)
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", f"Authorization: Bearer {self.token}"]
        lines += ["Accept: application/json", "Accept-Encoding: identity"]
        if content:
            lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
        return "\r\n".join([*lines, "", ""]).encode() + content

    def ask(self, method: str, path: str, body: object = None, *, signed_in: bool = True) -> tuple[int, Any]:
        """Ask once, and return the status and the decoded answer. Raises OSError where nobody listens."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Content-Type": "application/json"}
        if signed_in:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            connection.request(method, path, None if body is None else msgspec.json.encode(body), headers)
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        return answer.status, msgspec.json.decode(text) if text else None


def granian(data: Path, database_url: str, *, threads: int) -> Program:
    """Return Baton as it runs in production."""
    command = ["granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", str(threads), "--no-ws"]
    command += ["--host", "127.0.0.1", "--port", "{port}", "baton.wsgi:application"]
    return Program("Baton", "bench.fill_baton", command, _settings(data, database_url))


def serve(data: Path, database_url: str, *, with_demo: bool = False) -> Program:
    """Return Baton as `bin/run` starts it: HTTP, stream, worker and scheduler in one process."""
    command = ["baton", "serve", "--port", "{port}", *([] if with_demo else ["--no-demo"])]
    return Program("Baton `serve`", "bench.fill_baton", command, _settings(data, database_url))


def stream(data: Path, database_url: str, *, sockets: int) -> Program:
    """Return the live stream as it runs in production."""
    environment = {**_settings(data, database_url), "BATON_SOCKETS_PER_USER": str(sockets)}
    return Program("Baton `stream`", "bench.fill_baton", ["baton", "stream", "--port", "{port}"], environment)


def reference(database_url: str, *, threads: int) -> Program:
    """Return the reference under gunicorn, which keeps connections."""
    command = ["gunicorn", "--workers", "1", "--worker-class", "gthread", "--threads", str(threads)]
    command += ["--keep-alive", "5", "--bind", "127.0.0.1:{port}", "bench.reference.wsgi"]
    environment = {"REFERENCE_SECRET_KEY": secrets.token_urlsafe(50), "REFERENCE_DATABASE_URL": database_url}
    return Program("reference", "bench.reference.fill", command, environment)


def fill(program: Program, tasks: int) -> str:
    """Fill the program's empty database, and return a token of the caller's. Raises NotServing."""
    command = [sys.executable, "-m", program.filler, str(tasks)]
    with on_cores(OTHERS):
        done = subprocess.run(
            command, env=_environment(program), cwd=CHECKOUT, capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise NotServing(f"{program.filler} failed:\n{done.stderr[-2000:]}")
    return done.stdout.strip()


@contextmanager
def running(
    program: Program, log: Path, token: str = "", *, ready: str = "/api/tasks/", cores: set[int] = SERVER
) -> Iterator[Served]:
    """Run the program's server on one core; the block starts when `ready` answers 200. Raises NotServing."""
    port = free_port()
    command = [sys.executable, "-m", *(part.format(port=port) for part in program.command)]
    with log.open("wb") as output, on_cores(cores):
        process = subprocess.Popen(
            command,
            env=_environment(program),
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        served = Served(program.name, port, process.pid, token)
        _wait_for(served, ready, process, log)
        yield served
    finally:
        _stop(process)


def _wait_for(served: Served, path: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN
    while not _answers(served, path):
        if process.poll() is not None or time.monotonic() > deadline:
            said = log.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise NotServing(f"{served.name} did not start:\n{said}")
        time.sleep(0.02)


def _answers(served: Served, path: str) -> bool:
    try:
        return served.ask("GET", path)[0] == 200
    except OSError:
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _settings(data: Path, database_url: str) -> dict[str, str]:
    return {
        "BATON_DATA": str(data),
        "BATON_SECRET_KEY": secrets.token_urlsafe(50),
        "BATON_DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "baton.settings",
    }


def _environment(program: Program) -> dict[str, str]:
    # What the caller has set for a Baton of theirs is none of the benchmark's.
    ours = {
        name: value for name, value in os.environ.items() if not name.startswith(("BATON_", "DJANGO_", "DATABASE_"))
    }
    return {**ours, **program.environment}
