"""`serve` as a person meets it: one real process, started, asked and stopped."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import stat
import threading
import time
from pathlib import Path

import pytest

from tests.runtime.serving import Served, free_port, run_manage, serving


@pytest.mark.any_database
def test_serves_and_stops_and_starts_again(tmp_path: Path) -> None:
    data = tmp_path / "a new folder"
    with serving(data, "--no-demo") as first:
        first.wait_until_ready()
        assert first.get_json("/livez") == (200, {"status": "ok"})
        status, ready = first.get_json("/readyz")
        assert status == 200
        assert set(ready["checks"].values()) == {"ok"}
        assert {"database", "migrations", "worker"} <= set(ready["checks"])
        secret = data / "secret_key"
        key = secret.read_text()
        assert len(key) > 50
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600
        with sqlite3.connect(data / "baton.sqlite3") as database:
            assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
            database.execute("CREATE TABLE kept (word TEXT)")
            database.execute("INSERT INTO kept VALUES ('still here')")
        database.close()
        started = time.monotonic()
        assert first.stop(signal.SIGTERM) == 0
        assert time.monotonic() - started < 10
        assert f"http://127.0.0.1:{first.port}" in first.log.read_text()
        assert first.log.read_text().rstrip().endswith("Stopped.")

    with serving(data, "--no-demo") as second:
        second.wait_until_ready()
        assert secret.read_text() == key
        with sqlite3.connect(data / "baton.sqlite3") as database:
            assert database.execute("SELECT word FROM kept").fetchone() == ("still here",)
        database.close()
        _is_answered_before_the_end(second)
    assert "Traceback" not in second.log.read_text()


def _is_answered_before_the_end(served: Served) -> None:
    """Tell it to stop in the middle of a request."""
    with socket.create_connection(("127.0.0.1", served.port)) as slow:
        slow.sendall(b"POST /livez HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nab")
        time.sleep(0.3)
        served.process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", served.port), timeout=1)
        slow.sendall(b"cd")
        assert slow.recv(1000).startswith(b"HTTP/1.1 403")
    assert served.process.wait(timeout=30) == 0


@pytest.mark.any_database
def test_answers_strange_requests_with_json(tmp_path: Path, migrated_database_url: str) -> None:
    data, token = tmp_path / "data", "let-me-see"
    with serving(data, "--no-demo", DATABASE_URL=migrated_database_url, BATON_METRICS_TOKEN=token) as served:
        served.wait_until_ready()
        status, headers, _ = served.get("/no/such/path")
        assert (status, headers["content-type"]) == (404, "application/problem+json")
        status, headers, _ = served.get("/livez", Host="evil.example")
        assert (status, headers["content-type"]) == (400, "application/problem+json")
        status, headers, _ = served.get("/admin/login/")
        assert (status, headers["content-type"].partition(";")[0]) == (200, "text/html")
        assert served.get("/static/admin/css/base.css")[0] == 200

        assert served.get("/metrics")[0] == 403
        assert served.get("/metrics", Authorization="Bearer wrong")[0] == 403
        status, _, text = served.get("/metrics", Authorization="Bearer let-me-see")
        assert status == 200
        assert b'baton_http_requests_total{method="GET",route="livez",status="400"}' not in text
        assert b'baton_http_requests_total{method="GET",route="none",status="404"} 1.0' in text

        with socket.create_connection(("127.0.0.1", served.port)) as raw:
            raw.sendall(
                b"GET /ws/stream/ HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
            )
            assert raw.recv(100).startswith(b"HTTP/1.1 401")
        assert served.get("/livez")[0] == 200
    assert "Traceback" not in served.log.read_text()


@pytest.mark.any_database
def test_a_taken_port_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = run_manage("serve", "--port", str(port), "--data", str(tmp_path / "data"), cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.strip().count("\n") == 0
    assert f"port {port}" in done.stderr
    assert "already in use" in done.stderr
    assert not (tmp_path / "data" / "baton.sqlite3").exists()


def test_serves_on_postgresql(tmp_path: Path, postgresql_database: str) -> None:
    with serving(tmp_path / "data", "--no-demo", DATABASE_URL=postgresql_database) as served:
        served.wait_until_ready()
        assert not (tmp_path / "data" / "baton.sqlite3").exists()
        answers: list[int] = []
        threads = [threading.Thread(target=lambda: answers.append(served.get("/readyz")[0])) for _ in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert answers == [200] * 40
        assert served.stop() == 0
    assert "Traceback" not in served.log.read_text()


@pytest.mark.any_database
def test_an_unreachable_database_is_one_line(tmp_path: Path) -> None:
    url = f"postgresql://nobody:hush-hush@127.0.0.1:{free_port()}/nothing"
    done = run_manage("serve", "--port", str(free_port()), "--data", str(tmp_path), cwd=tmp_path, DATABASE_URL=url)
    assert done.returncode == 1
    assert "The database can't be used" in done.stderr
    assert "Traceback" not in done.stderr
    assert "hush-hush" not in done.stderr + done.stdout


@pytest.mark.any_database
@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_an_unusable_data_folder_is_one_line(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    done = run_manage("serve", "--data", str(tmp_path / "data"), cwd=Path("/"))
    assert done.returncode == 1
    assert done.stderr.startswith("baton: BATON_DATA")
    assert done.stderr.strip().count("\n") == 0
