"""dialects: the list of fifty and the read-one of each dialect, beside the native ones of the same tasks."""

from __future__ import annotations

import http.client
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import msgspec

from bench import servers
from bench.cores import OTHERS, on_cores
from bench.databases import make_databases
from bench.load import BadAnswer
from bench.pairs import Act, Cost, Pair

AIM = 1.3
_TASKS = 50
_PASSWORD = "correct horse battery"
_JSON = {"Content-Type": "application/json"}
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}

Headers = Mapping[str, str]
Send = Callable[..., bytes]


@dataclass(frozen=True, slots=True)
class Spoken:
    """How a dialect is asked for its list (of fifty, or of its pages' size), and for one task, natively `task`."""

    list_path: str
    one_path: str
    task: int
    headers: Headers
    listed: int = _TASKS


def measure_dialects(database: str, tasks: int, say: Callable[[str], None]) -> list[Pair]:
    """Measure every dialect among so many tasks of others. Raises BadAnswer, NotServing, ServerFailed."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="baton-bench-")))
        url = make_databases(database, ("dialects",), folder, stack)[0]
        program = servers.granian(folder, url, threads=1)
        say(f"{database}: {tasks} tasks for the dialects ...")
        token = servers.fill(program, tasks)
        served = stack.enter_context(servers.running(program, folder / "dialects.log", token))
        stack.enter_context(on_cores(OTHERS))
        send = stack.enter_context(_connected(served.port))
        pairs = []
        for name, prepare in SPEAKERS.items():
            say(f"{database}: {name} ...")
            pairs += _pairs(database, name, send, prepare(send, _log_in(send, name)), served.pid)
        return pairs


def _pairs(database: str, name: str, send: Send, spoken: Spoken, pid: int) -> list[Pair]:
    native = {"Authorization": f"Bearer {_native_token(send, name)}"}
    project = msgspec.json.decode(send("GET", f"/api/tasks/{spoken.task}/", native))["project"]
    asked = {
        f"list of {spoken.listed}": (spoken.list_path, f"/api/tasks/?project={project}&page_size={spoken.listed}"),
        "read-one": (spoken.one_path, f"/api/tasks/{spoken.task}/"),
    }
    pairs = []
    for what, (theirs, ours) in asked.items():
        dear = Cost(f"its {what}", _asks(send, theirs, spoken.headers), pid, 40)
        pair = Pair(database, name, AIM, dear, Cost(f"native {what}", _asks(send, ours, native), pid, 40))
        pair.measure()
        pairs.append(pair)
    return pairs


def _asks(send: Send, path: str, headers: Headers) -> Act:
    return lambda _: send("GET", path, headers)


def _log_in(send: Send, name: str) -> dict[str, str]:
    """Open an account for a dialect; return what one logs in with."""
    account = {"username": f"{name}-client", "password": _PASSWORD}
    email = {"email": f"{name}@example.org", "password_confirm": _PASSWORD}
    send("POST", "/api/auth/register/", _JSON, msgspec.json.encode({**account, **email}))
    return account


def _native_token(send: Send, name: str) -> str:
    account = {"username": f"{name}-client", "password": _PASSWORD}
    token: str = msgspec.json.decode(send("POST", "/api/auth/login/", _JSON, msgspec.json.encode(account)))["access"]
    return token


def _taskapi(send: Send, account: Mapping[str, str]) -> Spoken:
    login = urlencode({"login": account["username"], "password": account["password"]}).encode()
    token = msgspec.json.decode(send("POST", "/taskapi/get-token", _FORM, login))["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    task = 0
    for number in range(_TASKS):
        form = {"name": f"Task {number}", "description": "What there is to be said. " * 4, "status": "new"}
        form["completion_at"] = f"{1 + number % 28}-12-2026"
        made = send("POST", "/taskapi/task", {**_FORM, **headers}, urlencode(form).encode())
        task = msgspec.json.decode(made)["id"]
    return Spoken("/taskapi/task", f"/taskapi/task/{task}", task, headers)


def _issuetracker(send: Send, account: Mapping[str, str]) -> Spoken:
    path = "/issuetracker/api/user/get_auth_token/"
    token = msgspec.json.decode(send("POST", path, _JSON, msgspec.json.encode(account)))["token"]
    headers = {"Authorization": f"Token {token}"}
    task = 0
    for number in range(_TASKS):
        issue = {"title": f"Issue {number}", "description": "What there is to be said. " * 4, "status": "open"}
        issue["assigned_to"] = account["username"]
        made = send("POST", "/issuetracker/api/issue/", {**_JSON, **headers}, msgspec.json.encode(issue))
        task = msgspec.json.decode(made)["id"]
    return Spoken("/issuetracker/api/issue/", f"/issuetracker/api/issue/{task}/", task, headers)


def _taskmaster(send: Send, account: Mapping[str, str]) -> Spoken:
    base = "/taskmaster/api/v1"
    said = msgspec.json.decode(send("POST", f"{base}/auth/login/", _JSON, msgspec.json.encode(account)))
    headers = {"Authorization": f"Bearer {said['tokens']['access']}"}
    task = ""
    for number in range(_TASKS):
        body = {"title": f"Task {number}", "description": "What there is to be said. " * 4}
        made = send("POST", f"{base}/tasks/", {**_JSON, **headers}, msgspec.json.encode(body))
        task = msgspec.json.decode(made)["id"]
    native = {"Authorization": f"Bearer {_native_token(send, 'taskmaster')}"}
    newest = msgspec.json.decode(send("GET", "/api/tasks/?page_size=1", native))["results"][0]
    if newest["uuid"] != task:
        raise BadAnswer("the newest task is another's")
    return Spoken(f"{base}/tasks/", f"{base}/tasks/{task}/", newest["id"], headers, 10)


def _tasktable(send: Send, account: Mapping[str, str]) -> Spoken:
    said = msgspec.json.decode(send("POST", "/tasktable/api/login/", _JSON, msgspec.json.encode(account)))
    headers = {"Authorization": said["Authorization"]}
    task = 0
    for number in range(_TASKS):
        body = {"name": f"Task {number}", "specification": "What there is to be said. " * 4}
        body["due_date"] = f"2026-12-{1 + number % 28:02}"
        made = send("POST", "/tasktable/api/tasks/", {**_JSON, **headers}, msgspec.json.encode(body))
        task = msgspec.json.decode(made)["id"]
    return Spoken("/tasktable/api/tasks/?limit=50", f"/tasktable/api/tasks/{task}/", task, headers)


SPEAKERS: Mapping[str, Callable[[Send, Mapping[str, str]], Spoken]] = {
    "tasktable": _tasktable,
    "taskmaster": _taskmaster,
    "taskapi": _taskapi,
    "issuetracker": _issuetracker,
}


@contextmanager
def _connected(port: int) -> Iterator[Send]:
    """Give `send(method, path, headers, body=b"")` over one kept connection. It raises BadAnswer without a 2xx."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def send(method: str, path: str, headers: Headers, body: bytes = b"") -> bytes:
        connection.request(method, path, body or None, dict(headers))
        answer = connection.getresponse()
        text = answer.read()
        if not 200 <= answer.status < 300:
            raise BadAnswer(f"{method} {path}: {text[:2000].decode(errors='replace')}")
        return text

    try:
        yield send
    finally:
        connection.close()
