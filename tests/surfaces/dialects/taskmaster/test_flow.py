"""A client's whole life against a running server: HTTP and the WebSocket, and what others do meanwhile."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, ConnectionClosedError, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.runtime.serving import serving
from tests.surfaces.stream.served import serve_live

pytestmark = pytest.mark.any_database

PASSWORD = "correct horse battery"
SOON = 10
SILENCE = 0.7


@pytest.fixture
def port(transactional_db: None) -> Iterator[int]:
    """Serve on the test's database."""
    with serve_live() as running:
        yield running.port


class TaskmasterClient:
    """A client as it was written for the original: it knows a base URL and the paths of the README."""

    def __init__(self, port: int, username: str, prefix: str = "/taskmaster") -> None:
        self.port = port
        self.prefix = prefix
        answer = self.call(
            "POST",
            "/api/v1/auth/register/",
            {"username": username, "email": f"{username}@example.com", "password": PASSWORD},
        )
        self.username = username
        self.tokens = answer["tokens"]

    def call(self, method: str, path: str, body: object = None, *, token: str | None = None) -> Any:
        headers = {"Content-Type": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        address = f"http://127.0.0.1:{self.port}{path if path.startswith('/api/auth') else self.prefix + path}"
        request = urllib.request.Request(address, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=SOON) as answer:
            return json.load(answer)

    def do(self, method: str, path: str, body: object = None) -> Any:
        return self.call(method, path, body, token=self.tokens["access"])

    def listen(self, authorization: str | None = None) -> ClientConnection:
        header = self.tokens["access"] if authorization is None else authorization
        address = f"ws://127.0.0.1:{self.port}{self.prefix}/ws/tasks/"
        return connect(address, additional_headers={"authorization": header} if header else {}, open_timeout=SOON)


def hear(socket: ClientConnection) -> Any:
    return json.loads(socket.recv(timeout=SOON))


def hear_to_the_end(socket: ClientConnection) -> None:
    while True:
        socket.recv(timeout=SOON)


def hears_nothing(socket: ClientConnection) -> bool:
    try:
        socket.recv(timeout=SILENCE)
    except TimeoutError:
        return True
    return False


def test_a_whole_life(port: int) -> None:
    anna, boris = TaskmasterClient(port, "anna"), TaskmasterClient(port, "boris")
    with anna.listen() as annas, anna.listen(f"Bearer {anna.tokens['access']}") as second, boris.listen() as boriss:
        made = anna.do("POST", "/api/v1/tasks/", {"title": "Water", "description": "", "status_task": "TO DO"})
        assert hear(annas) == hear(second) == {**made, "action": "task_create"}
        changed = anna.do("PUT", f"/api/v1/tasks/{made['id']}/", {"title": "Soil", "status_task": "IN PROGRESS"})
        heard = hear(annas)
        assert heard == {**changed, "action": "task_update"}
        assert list(heard) == [
            "id",
            "title",
            "description",
            "status_task",
            "date_created",
            "last_updated",
            "action",
        ]
        second.send("not JSON, and ignored")
        second.send(b"\xff\x00")
        assert anna.do("GET", "/api/v1/tasks/")["results"] == [changed]
        assert anna.do("DELETE", f"/api/v1/tasks/{made['id']}/") == {"message": "Task deleted successfully"}
        assert hear(annas) == {"id": made["id"], "action": "task_delete"}
        assert hear(second)["action"] == "task_update"
        assert hear(second)["action"] == "task_delete"
        assert hears_nothing(annas), "two differences in one PUT are one change"
        assert hears_nothing(boriss)


def test_what_comes_another_way_is_heard(port: int) -> None:
    clara = TaskmasterClient(port, "clara")
    native = clara.call("POST", "/api/auth/login/", {"username": "clara", "password": PASSWORD})["access"]
    host = f"http://127.0.0.1:{port}"

    def natively(method: str, path: str, body: object = None) -> Any:
        headers = {"Authorization": f"Bearer {native}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(host + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=SOON) as answer:
            text = answer.read()
            return json.loads(text) if text else None

    projects = natively("GET", "/api/projects/")["results"]
    inbox = next(project["id"] for project in projects if project["key"].startswith("IN"))
    other = natively("POST", "/api/projects/", {"name": "Garden"})["id"]
    with clara.listen() as socket:
        task = natively("POST", "/api/tasks/", {"project": inbox, "title": "x" * 180, "status": "review"})
        heard = hear(socket)
        assert (heard["action"], heard["id"], heard["title"]) == ("task_create", task["uuid"], "x" * 180)
        assert heard["status_task"] == "IN PROGRESS"
        natively("PATCH", f"/api/tasks/{task['id']}/", {"title": "y", "status": "done"})
        assert (heard := hear(socket))["action"] == "task_update"
        assert (heard["title"], heard["status_task"]) == ("y", "DONE")
        natively("PATCH", f"/api/tasks/{task['id']}/", {"project": other})
        assert hear(socket) == {"id": task["uuid"], "action": "task_delete"}
        natively("PATCH", f"/api/tasks/{task['id']}/", {"title": "unheard"})
        natively("PATCH", f"/api/tasks/{task['id']}/", {"project": inbox})
        assert (hear(socket)["action"], "task_create") == ("task_create", "task_create")
        natively("DELETE", f"/api/tasks/{task['id']}/")
        assert hear(socket)["action"] == "task_delete"
        natively("POST", f"/api/trash/tasks/{task['id']}/restore/")
        assert (heard := hear(socket))["action"] == "task_create"
        assert heard["title"] == "unheard"
        assert hears_nothing(socket)


@pytest.mark.parametrize("authorization", ["", "x", "a b c", "Token {access}", "{refresh}", "Bearer {refresh}"])
def test_a_handshake_without_a_good_access_token_is_refused(port: int, authorization: str) -> None:
    name = "dora" + str(abs(hash(authorization)) % 10**6)
    dora = TaskmasterClient(port, name)
    with pytest.raises(InvalidStatus) as refusal, dora.listen(authorization.format(**dora.tokens) or ""):
        pass
    answer = refusal.value.response
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'
    wanted = "Given token not valid for any token type" if authorization else "Authentication credentials were not"
    assert wanted in bytes(answer.body or b"").decode()


def test_a_native_token_opens_nothing_here(port: int) -> None:
    emil = TaskmasterClient(port, "emil")
    native = emil.call("POST", "/api/auth/login/", {"username": "emil", "password": PASSWORD})["access"]
    with pytest.raises(InvalidStatus), emil.listen(native):
        pass


@pytest.mark.parametrize("end", ["logout", "password"])
def test_a_socket_ends_with_its_credential(port: int, end: str) -> None:
    fred = TaskmasterClient(port, f"fred_{end}")
    with fred.listen() as socket:
        if end == "logout":
            fred.do("POST", "/api/v1/auth/logout/")
        else:
            new = PASSWORD + "!"
            fred.do(
                "POST",
                "/api/v1/auth/profile/password/",
                {"old_password": PASSWORD, "new_password_1": new, "new_password_2": new},
            )
        started = time.monotonic()
        with pytest.raises(ConnectionClosedError) as closed:
            socket.recv(timeout=SOON)
        assert time.monotonic() - started < 3
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4401
    with pytest.raises(urllib.error.HTTPError, match="401"):
        fred.do("GET", "/api/v1/auth/profile/")


def test_what_is_done_at_once_after_connecting_is_heard(port: int) -> None:
    gina = TaskmasterClient(port, "gina")
    for number in range(5):
        with gina.listen() as socket:
            gina.do("POST", "/api/v1/tasks/create/", {"title": f"Task {number}", "description": ""})
            assert hear(socket)["title"] == f"Task {number}"


def test_plain_http_is_told_to_upgrade(port: int) -> None:
    hans = TaskmasterClient(port, "hans")
    with pytest.raises(urllib.error.HTTPError) as refusal:
        hans.do("GET", "/ws/tasks/")
    with refusal.value as answer:
        assert answer.code == 426


def test_everything_stands_at_the_root_of_a_host_of_its_own(tmp_path: Path, migrated_database_url: str) -> None:
    """In a real process, as its operator starts it."""
    data, host = tmp_path / "data", "127.0.0.1=taskmaster"
    with serving(data, "--no-demo", DATABASE_URL=migrated_database_url, BATON_DIALECT_HOSTS=host) as server:
        server.wait_until_ready(120)
        inge = TaskmasterClient(server.port, "inge", prefix="")
        with inge.listen() as socket:
            for number in range(11):
                inge.do("POST", "/api/v1/tasks/", {"title": f"Task {number}", "description": ""})
            assert hear(socket)["action"] == "task_create"
            assert server.stop() == 0
            with pytest.raises(ConnectionClosed) as closed:
                hear_to_the_end(socket)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1001


def test_links_lead_back_to_the_host(port: int) -> None:
    johann = TaskmasterClient(port, "johann")
    for number in range(11):
        johann.do("POST", "/api/v1/tasks/", {"title": f"Task {number}", "description": ""})
    page = johann.do("GET", "/api/v1/tasks/")
    assert page["next"] == f"http://127.0.0.1:{port}/taskmaster/api/v1/tasks/?page=2"
    assert johann.do("GET", "/api/v1/tasks/?page=2")["results"][0]["title"] == "Task 10"
