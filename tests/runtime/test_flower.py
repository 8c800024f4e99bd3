"""Flower sees the workers and what they do, though no worker tells of it before somebody watches."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.runtime.driving import wait_for
from tests.runtime.production import working
from tests.runtime.serving import CHECKOUT, clean_environment, free_port

pytestmark = pytest.mark.any_database


def test_flower_lists_the_worker_and_its_jobs(tmp_path: Path, migrated_database_url: str, redis_url: str) -> None:
    given = {"BATON_DATA": str(tmp_path), "BATON_SECRET_KEY": "k" * 50, "CELERY_BROKER_URL": redis_url}
    given["DATABASE_URL"] = migrated_database_url
    with working(tmp_path, "watched", "--beat", **given) as worker, flower(tmp_path, **given) as port:
        worker.wait_until_ready()
        name = f"baton-{worker.process.pid}@"
        wait_for(lambda: any(one.startswith(name) for one in ask(port, "workers?refresh=1")), 60)
        wait_for(lambda: any(job["name"] == "baton.follow_log" for job in ask(port, "tasks").values()), 60)


@contextmanager
def flower(folder: Path, **variables: str) -> Iterator[int]:
    """Run Flower as docs/operating.md says; give its port."""
    port = free_port()
    command = [sys.executable, "-m", "celery", "-A", "baton.jobs.app", "flower", "--address=127.0.0.1"]
    with (folder / "flower.log").open("w") as log:
        process = subprocess.Popen(
            [*command, f"--port={port}"],
            cwd=CHECKOUT,
            # Its API is closed unless it is told who may ask; here nobody else can.
            env=clean_environment(**variables, FLOWER_UNAUTHENTICATED_API="true"),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield port
    finally:
        process.terminate()
        process.wait(30)


def ask(port: int, what: str) -> Any:
    """Return what Flower answers; nothing where it doesn't yet."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/{what}", timeout=20) as answer:
            return json.loads(answer.read())
    except OSError:
        return {}
