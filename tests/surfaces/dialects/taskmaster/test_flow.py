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
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.runtime.serving import Served, serving

PASSWORD = "correct horse battery"
SOON = 10
SILENCE = 0.7


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("taskmaster") / "data", "--no-demo") as running:
        running.wait_until_ready()
        yield running


class TaskmasterClient:
    """A client as it was written for the original: it knows a base URL and the paths of the README."""

    def __init__(self, server: Served, username: str, prefix: str = "/taskmaster") -> None:
        self.server = server
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
        address = f"http://127.0.0.1:{self.server.port}{path if path.startswith('/api/auth') else self.prefix + path}"
        request = urllib.request.Request(address, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=SOON) as answer:
            return json.load(answer)

    def do(self, method: str, path: str, body: object = None) -> Any:
        return self.call(method, path, body, token=self.tokens["access"])

    def listen(self, authorization: str | None = None) -> ClientConnection:
        header = self.tokens["access"] if authorization is None else authorization
        address = f"ws://127.0.0.1:{self.server.port}{self.prefix}/ws/tasks/"
        return connect(address, additional_headers={"authorization": header} if header else {}, open_timeout=SOON)


def hear(socket: ClientConnection) -> Any:
    return json.loads(socket.recv(timeout=SOON))


def hears_nothing(socket: ClientConnection) -> bool:
    try:
        socket.recv(timeout=SILENCE)
    except TimeoutError:
        return True
    return False


def test_a_whole_life(server: Served) -> None:
    anna, boris = TaskmasterClient(server, "anna"), TaskmasterClient(server, "boris")
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


def test_what_comes_another_way_is_heard(server: Served) -> None:
    clara = TaskmasterClient(server, "clara")
    native = clara.call("POST", "/api/auth/login/", {"username": "clara", "password": PASSWORD})["access"]
    host = f"http://127.0.0.1:{server.port}"

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
def test_a_handshake_without_a_good_access_token_is_refused(server: Served, authorization: str) -> None:
    name = "dora" + str(abs(hash(authorization)) % 10**6)
    dora = TaskmasterClient(server, name)
    with pytest.raises(InvalidStatus) as refusal, dora.listen(authorization.format(**dora.tokens) or ""):
        pass
    answer = refusal.value.response
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'
    wanted = "Given token not valid for any token type" if authorization else "Authentication credentials were not"
    assert wanted in bytes(answer.body or b"").decode()


def test_a_native_token_opens_nothing_here(server: Served) -> None:
    emil = TaskmasterClient(server, "emil")
    native = emil.call("POST", "/api/auth/login/", {"username": "emil", "password": PASSWORD})["access"]
    with pytest.raises(InvalidStatus), emil.listen(native):
        pass


@pytest.mark.parametrize("end", ["logout", "password"])
def test_a_socket_ends_with_its_credential(server: Served, end: str) -> None:
    fred = TaskmasterClient(server, f"fred_{end}")
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


def test_what_is_done_at_once_after_connecting_is_heard(server: Served) -> None:
    gina = TaskmasterClient(server, "gina")
    for number in range(5):
        with gina.listen() as socket:
            gina.do("POST", "/api/v1/tasks/create/", {"title": f"Task {number}", "description": ""})
            assert hear(socket)["title"] == f"Task {number}"


def test_plain_http_is_told_to_upgrade(server: Served) -> None:
    hans = TaskmasterClient(server, "hans")
    with pytest.raises(urllib.error.HTTPError) as refusal:
        hans.do("GET", "/ws/tasks/")
    with refusal.value as answer:
        assert answer.code == 426


def test_everything_stands_at_the_root_of_a_host_of_its_own(tmp_path: Path) -> None:
    with serving(tmp_path / "data", "--no-demo", BATON_DIALECT_HOSTS="127.0.0.1=taskmaster") as server:
        server.wait_until_ready()
        inge = TaskmasterClient(server, "inge", prefix="")
        with inge.listen() as socket:
            for number in range(11):
                inge.do("POST", "/api/v1/tasks/", {"title": f"Task {number}", "description": ""})
            assert hear(socket)["action"] == "task_create"
        page = inge.do("GET", "/api/v1/tasks/")
        assert page["next"] == f"http://127.0.0.1:{server.port}/api/v1/tasks/?page=2"
        assert inge.do("GET", "/api/v1/tasks/?page=2")["results"][0]["title"] == "Task 10"
