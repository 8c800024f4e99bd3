"""What runs in production: granian for the requests, and workers for the jobs."""

from __future__ import annotations

import http.client
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.runtime.serving import CHECKOUT, clean_environment, free_port, run_manage

_WORKER = ("worker", "--concurrency", "2")


@dataclass
class Worker:
    """A running `worker`."""

    process: subprocess.Popen[bytes]
    log: Path

    def wait_until_ready(self, seconds: float = 60) -> None:
        """Wait until it takes jobs from the broker, or has tried to."""
        end = time.monotonic() + seconds
        while " ready." not in self.log.read_text():
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"no worker: {self.log.read_text()}")
            time.sleep(0.05)


@contextmanager
def working(data: Path, name: str, *options: str, **variables: str) -> Iterator[Worker]:
    """Run a `worker`, its log beside its data; it is killed at the block's end where it still runs."""
    with _running([str(CHECKOUT / "manage.py"), *_WORKER, *options], data, name, variables) as worker:
        yield worker


@contextmanager
def working_by_a_wrong_clock(seconds: int, data: Path, name: str, *options: str, **variables: str) -> Iterator[Worker]:
    """Run a `worker` whose clock is so many seconds ahead."""
    program = str(Path(__file__).with_name("wrong_clock.py"))
    given = {**variables, "TEST_CLOCK": str(seconds)}
    with _running([program, *_WORKER, *options], data, name, given) as worker:
        yield worker


@contextmanager
def scheduling(data: Path, name: str, **variables: str) -> Iterator[None]:
    """Run the schedule alone."""
    words = ["-m", "celery", "--app=baton.jobs.app", "beat", "--scheduler=baton.jobs.beat:Scheduler", "--pidfile="]
    given = {**variables, "PYTHONPATH": str(CHECKOUT)}
    with _running([*words, "--max-interval=1"], data, name, given):
        yield


@contextmanager
def _running(command: Sequence[str], data: Path, name: str, variables: Mapping[str, str]) -> Iterator[Worker]:
    log = data / f"{name}.log"
    given = {**variables, "BATON_DATA": str(data), "BATON_SECRET_KEY": "k" * 50, "BATON_LOG_LEVEL": "debug"}
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=data,
            env=clean_environment(**given),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Worker(process, log)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(30)


@contextmanager
def granian(data: Path, **variables: str) -> Iterator[tuple[int, int]]:
    """Run granian over the WSGI application, one worker of four threads; give its port and process."""
    port = free_port()
    variables |= {"BATON_DATA": str(data), "BATON_SECRET_KEY": "k" * 50, "DJANGO_SETTINGS_MODULE": "baton.settings"}
    assert run_manage("migrate", cwd=CHECKOUT, **variables).returncode == 0
    words = ["--interface", "wsgi", "--port", str(port), "--blocking-threads", "4", "baton.wsgi:application"]
    command = [sys.executable, "-m", "granian", *words]
    with (data / "granian.log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=CHECKOUT, env=clean_environment(**variables), stdout=log, stderr=subprocess.STDOUT
        )
    try:
        _wait_until_it_answers(port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(30)


def _wait_until_it_answers(port: int) -> None:
    for _ in range(300):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/livez")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    raise AssertionError("granian did not start")
