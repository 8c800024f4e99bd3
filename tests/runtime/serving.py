"""Starts the real process and talks to it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
# What the tests' own process was given must not reach the one under test.
_OWN = ("BATON_", "DATABASE_URL", "REDIS_URL", "CELERY_", "SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "EMAIL_", "DJANGO_")


def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clean_environment(**variables: str) -> dict[str, str]:
    """Return this process's environment without any setting of Baton's, and `variables`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OWN)}
    return {**kept, **variables}


def run_manage(*arguments: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, str(CHECKOUT / "manage.py"), *arguments],
        cwd=cwd,
        env=clean_environment(**variables),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@dataclass
class Served:
    """A running `serve`."""

    process: subprocess.Popen[str]
    port: int
    log: Path

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Return the status, headers and body of an answer, whatever its status."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, dict(error.headers), error.read()

    def get_json(self, path: str, **headers: str) -> tuple[int, Any]:
        """Return the status and the decoded body."""
        status, _, body = self.get(path, **headers)
        return status, json.loads(body)

    def wait_until_ready(self, seconds: float = 30) -> float:
        """Wait for /readyz to answer 200; return how long it took from now."""
        started = time.monotonic()
        while time.monotonic() - started < seconds:
            if self.process.poll() is not None:
                raise AssertionError(f"serve ended: {self.log.read_text()}")
            try:
                if self.get("/readyz")[0] == 200:
                    return time.monotonic() - started
            except OSError:
                pass
            time.sleep(0.05)
        raise AssertionError(f"serve was not ready after {seconds} s: {self.log.read_text()}")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send the signal and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=30)


@contextmanager
def serving(
    data: Path, *options: str, port: int | None = None, command: str = "serve", **variables: str
) -> Iterator[Served]:
    """Run `serve` (or `stream`) on a free port with its data in `data`; it is ended at the block's end in any case."""
    chosen = port or free_port()
    log = data.with_name(f"{data.name}.{command}.log")
    given = [command, "--port", str(chosen), "--data", str(data), *options]
    with log.open("a") as output:
        process = subprocess.Popen(
            [sys.executable, str(CHECKOUT / "manage.py"), *given],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=data.parent,
            env=clean_environment(**variables),
        )
        try:
            yield Served(process, chosen, log)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
