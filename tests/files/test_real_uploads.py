"""Uploads to real servers: big ones, cut-off ones, and ones that meet a full disk."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.files.big_file import MEGABYTE, Memory, Speaker, there_and_back
from tests.migrated_database import migrated_database
from tests.runtime.production import granian
from tests.runtime.serving import Served, serving
from tests.stores import files_in

# Only /proc says what a process holds.
needs_proc = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="no /proc on this system")
LIMIT = str(400 * MEGABYTE)


@pytest.fixture(scope="module")
def served(django_db_setup: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Run `serve` for several tests."""
    folder = tmp_path_factory.mktemp("serve")
    with (
        migrated_database(django_db_setup, folder) as url,
        serving(folder / "data", "--no-demo", DATABASE_URL=url, BATON_MAX_ATTACHMENT=LIMIT) as running,
    ):
        running.wait_until_ready()
        yield running


@pytest.fixture(scope="module")
def production(django_db_setup: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int, Path]]:
    """Run granian for several tests; give its port, its process and its data folder."""
    folder = tmp_path_factory.mktemp("granian")
    with (
        migrated_database(django_db_setup, folder) as url,
        granian(folder, DATABASE_URL=url, BATON_MAX_ATTACHMENT=LIMIT) as (port, pid),
    ):
        yield port, pid, folder


@needs_proc
def test_serve_sends_300_megabytes_through_64(served: Served) -> None:
    _check(there_and_back(served.port, served.process.pid, 300))
    assert "Traceback" not in served.log.read_text()


@needs_proc
def test_granian_sends_100_megabytes_through_64(production: tuple[int, int, Path]) -> None:
    port, pid, _ = production
    _check(there_and_back(port, pid, 100))


def test_uploads_cut_off_in_the_middle_leave_nothing(served: Served) -> None:
    _leave_in_the_middle(served.port, served.log.with_name("data") / "files", times=20)
    assert "Traceback" not in served.log.read_text()


def test_granian_keeps_nothing_of_a_cut_off_upload(production: tuple[int, int, Path]) -> None:
    port, _, folder = production
    _leave_in_the_middle(port, folder / "files", times=5)
    assert "Traceback" not in (folder / "granian.log").read_text()


@needs_proc
def test_a_lying_length_is_refused_at_once(served: Served) -> None:
    speaker = Speaker(served.port)
    started = time.monotonic()
    with Memory(served.process.pid).watched() as memory, _begun(speaker, served.port, 10**11, b"x") as connection:
        assert connection.recv(12) == b"HTTP/1.1 413"
    assert time.monotonic() - started < 2
    assert memory.grown < 32 * MEGABYTE


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return the folder of a disk with eight megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    if os.name != "posix" or os.geteuid() or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a disk of a certain size can't be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_507_and_recovers(tmp_path: Path, small_disk: Path, migrated_database_url: str) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "files").symlink_to(small_disk)
    with serving(data, "--no-demo", DATABASE_URL=migrated_database_url) as served:
        served.wait_until_ready()
        speaker = Speaker(served.port)
        task = speaker.new_task()
        # 5 MB fit into the spool but not beside it, 20 MB not even there.
        for megabytes in (5, 20):
            status, answer = speaker.upload(task, (bytes(MEGABYTE) for _ in range(megabytes)), megabytes * MEGABYTE)
            assert (status, answer["code"]) == (507, "insufficient_storage")
            assert files_in(small_disk) == set()
        assert speaker.upload(task, iter([b"small"]), 5)[0] == 201
        assert speaker.ask("GET", f"/api/tasks/{task}/")["attachments_count"] == 1


def _check(result: tuple[str, str, str, Memory]) -> None:
    sent, said, came_back, memory = result
    assert sent == said == came_back
    assert memory.idle > 0
    assert memory.grown < 64 * MEGABYTE


def _begun(speaker: Speaker, port: int, length: int, body: bytes) -> socket.socket:
    """Begin an upload of so many bytes, and send some."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    task = speaker.new_task()
    lines = [
        f"POST /api/tasks/{task}/attachments/ HTTP/1.1",
        "Host: localhost",
        f"Authorization: {speaker.credential['Authorization']}",
        "Content-Type: multipart/form-data; boundary=bound",
        f"Content-Length: {length}",
    ]
    start = b'--bound\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
    connection.sendall("\r\n".join([*lines, "", ""]).encode() + start + body)
    return connection


def _leave_in_the_middle(port: int, folder: Path, *, times: int) -> None:
    """Hang up in the middle of uploads, which leaves nothing; then the next is kept as a whole."""
    speaker, before = Speaker(port), files_in(folder)
    for number in range(times):
        sent = (0.1, 0.5, 0.99)[number % 3]
        with _begun(speaker, port, 3 * MEGABYTE, bytes(int(3 * MEGABYTE * sent))):
            pass
    _wait_until_only(before, folder)
    assert speaker.upload(speaker.new_task(), iter([b"whole"]), 5)[0] == 201
    assert len(files_in(folder) - before) == 1


def _wait_until_only(before: set[str], folder: Path) -> None:
    # The servers notice that a client has gone when they next read.
    for _ in range(100):
        if folder.exists() and files_in(folder) == before:
            return
        time.sleep(0.1)
    raise AssertionError(f"left behind: {files_in(folder) - before}")
