"""`worker` against a real broker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import redis

from tests.runtime.serving import CHECKOUT, clean_environment, run_manage

pytestmark = pytest.mark.any_database

KEY = "a key of the tests only, long enough for anything"


def test_needs_a_broker(tmp_path: Path) -> None:
    done = run_manage("worker", cwd=tmp_path, BATON_DATA=str(tmp_path), BATON_SECRET_KEY=KEY)
    assert done.returncode == 1
    assert "No broker is named" in done.stderr


def test_runs_the_schedule_and_ends_on_sigterm(tmp_path: Path, migrated_database_url: str, broker_url: str) -> None:
    given = {"BATON_DATA": str(tmp_path), "BATON_SECRET_KEY": KEY, "CELERY_BROKER_URL": broker_url}
    given["DATABASE_URL"] = migrated_database_url
    log = tmp_path / "worker.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, str(CHECKOUT / "manage.py"), "worker", "--beat", "--concurrency", "2"],
            cwd=tmp_path,
            env=clean_environment(**given, BATON_LOG_LEVEL="debug", BATON_FOLLOW_SECONDS="0.2"),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(log, "baton.follow_log", "succeeded")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    assert "Traceback" not in log.read_text()


@pytest.fixture
def broker_url() -> str:
    """Give the URL of a database of the tests' Redis or Valkey that nothing else uses."""
    url = os.environ.get("TEST_REDIS_URL") or os.environ.get("REDIS_URL", "")
    if not url:
        pytest.skip("TEST_REDIS_URL names no Redis or Valkey")
    chosen = url.rstrip("/").rsplit("/", 1)[0] + "/13" if url.count("/") > 2 else f"{url}/13"
    with redis.Redis.from_url(chosen) as server:
        server.flushdb()
    return chosen


def _wait_for(log: Path, *words: str) -> None:
    for _ in range(300):
        if all(word in log.read_text() for word in words):
            return
        time.sleep(0.1)
    raise AssertionError(log.read_text())
