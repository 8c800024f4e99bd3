"""Sends a big file to a real server and fetches it again, piece by piece, watching the server's memory.

`python -m tests.files.big_file 1024` does it with 1 GB, against `serve` and against granian.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.runtime.production import granian
from tests.runtime.serving import serving

MEGABYTE = 2**20
# The same megabyte again and again, each with its number in front.
_PATTERN = os.urandom(MEGABYTE - 8)


@dataclass
class Memory:
    """What a process and its children hold, looked at ten times a second."""

    pid: int
    idle: int = 0
    most: int = 0
    _done: threading.Event = field(default_factory=threading.Event)

    @property
    def grown(self) -> int:
        """The largest growth so far, in bytes."""
        return self.most - self.idle

    @contextmanager
    def watched(self) -> Iterator[Memory]:
        """Watch while the block runs."""
        self.idle = self.most = self.resident()
        watcher = threading.Thread(target=self._watch, daemon=True)
        watcher.start()
        yield self
        self._done.set()
        watcher.join()

    def resident(self) -> int:
        """Return the bytes held now."""
        return sum(_resident(pid) for pid in (self.pid, *_children(self.pid)))

    def _watch(self) -> None:
        while not self._done.wait(0.1):
            self.most = max(self.most, self.resident())


class Speaker:
    """Speaks HTTP to a server as one new user."""

    def __init__(self, port: int) -> None:
        self._port = port
        name = f"u{uuid4().hex[:12]}"
        account = {"username": name, "email": f"{name}@example.org"}
        words = {"password": "correct horse battery", "password_confirm": "correct horse battery"}
        self._token = ""
        self._token = self.ask("POST", "/api/auth/register/", {**account, **words})["tokens"]["access"]

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Send JSON and return the JSON that comes back."""
        connection = self.connect()
        headers = {"Content-Type": "application/json", **self.credential}
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = json.loads(connection.getresponse().read())
        connection.close()
        return answer

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self._port, timeout=120)

    @property
    def credential(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}

    def new_task(self) -> int:
        project = self.ask("POST", "/api/projects/", {"name": "Operations"})
        task: int = self.ask("POST", "/api/tasks/", {"project": project["id"], "title": "Keep this"})["id"]
        return task

    def upload(self, task: int, pieces: Iterator[bytes], size: int) -> tuple[int, Any]:
        """Attach `size` bytes; return the status and the answer."""
        before = b'--bound\r\nContent-Disposition: form-data; name="file"; filename="big.bin"\r\n\r\n'
        after = b"\r\n--bound--\r\n"
        connection = self.connect()
        connection.putrequest("POST", f"/api/tasks/{task}/attachments/")
        headers = {"Content-Type": "multipart/form-data; boundary=bound", **self.credential}
        headers["Content-Length"] = str(len(before) + size + len(after))
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        connection.send(before)
        for piece in pieces:
            connection.send(piece)
        connection.send(after)
        response = connection.getresponse()
        answer = json.loads(response.read())
        connection.close()
        return response.status, answer

    def download(self, attachment: int) -> str:
        """Fetch a file and return its SHA-256."""
        connection = self.connect()
        connection.request("GET", f"/api/attachments/{attachment}/download/", headers=self.credential)
        response = connection.getresponse()
        digest = hashlib.sha256()
        while piece := response.read(MEGABYTE):
            digest.update(piece)
        connection.close()
        return digest.hexdigest()


def big_content(megabytes: int) -> Iterator[bytes]:
    """Yield a file's content, a megabyte at a time."""
    for number in range(megabytes):
        yield number.to_bytes(8, "big") + _PATTERN


def _hashed(pieces: Iterator[bytes], digest: hashlib._Hash) -> Iterator[bytes]:
    for piece in pieces:
        digest.update(piece)
        yield piece


def there_and_back(port: int, pid: int, megabytes: int) -> tuple[str, str, str, Memory]:
    """Upload and download; return the checksum sent, the one in the answer, the one that came back, and the memory."""
    speaker = Speaker(port)
    task = speaker.new_task()
    # One small file first: what is loaded at first use belongs to the idle process.
    _, small = speaker.upload(task, iter([b"small"]), 5)
    speaker.download(small["id"])
    digest = hashlib.sha256()
    with Memory(pid).watched() as memory:
        status, answer = speaker.upload(task, _hashed(big_content(megabytes), digest), megabytes * MEGABYTE)
        assert status == 201, answer
        came_back = speaker.download(answer["id"])
    return digest.hexdigest(), answer["sha256"], came_back, memory


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (FileNotFoundError, ProcessLookupError):
        return 0


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def _main(megabytes: int) -> None:
    limit = str((megabytes + 1) * MEGABYTE)
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder) / "a", "--no-demo", BATON_MAX_ATTACHMENT=limit) as served,
    ):
        served.wait_until_ready()
        _report("serve", megabytes, there_and_back(served.port, served.process.pid, megabytes))
    with tempfile.TemporaryDirectory() as folder, granian(Path(folder), BATON_MAX_ATTACHMENT=limit) as (port, pid):
        _report("granian", megabytes, there_and_back(port, pid, megabytes))


def _report(server: str, megabytes: int, result: tuple[str, str, str, Memory]) -> None:
    sent, said, came_back, memory = result
    same = "the same" if sent == said == came_back else "ANOTHER"
    sys.stdout.write(
        f"{server}: {megabytes} MB up and down, {same} checksum; idle {memory.idle / MEGABYTE:.0f} MB, "
        f"at most {memory.grown / MEGABYTE:.1f} MB more\n"
    )


if __name__ == "__main__":
    _main(int(sys.argv[1]))
