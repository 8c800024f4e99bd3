"""Every surface through which people change tasks, each in its own words.

A surface says how its wire is spoken; what must come of it, the same for all, `test_same_outcome.py` compares.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.test import Client

from baton.core.actor import Actor
from baton.core.commands.dialect_tokens import issue_dialect_token
from baton.core.models import Project, User
from baton.surfaces.wire.dialects.dialect import dialect_named
from tests.caller import Caller
from tests.factories import NOBODY
from tests.surfaces.dialects.issuetracker.client import IssueClient
from tests.surfaces.dialects.taskapi.client import FormClient
from tests.surfaces.dialects.taskmaster.caller import TASKS as MASTER_TASKS
from tests.surfaces.dialects.taskmaster.caller import TaskmasterCaller


class Verdict(Enum):
    """What came of a request."""

    DONE = "done"
    INVALID = "invalid"
    DENIED = "denied"
    INVISIBLE = "invisible"
    NOBODY = "nobody"


BY_STATUS = {
    400: Verdict.INVALID,
    401: Verdict.NOBODY,
    403: Verdict.DENIED,
    404: Verdict.INVISIBLE,
}

Said = tuple[Verdict, Any]
"""What came of it, and the body."""

Fields = Mapping[str, str]
"""A new task or a change: `title`, `description` and `status`, in the core's words."""


def verdict(status: int, body: Any) -> Said:
    """Return what an ordinary answer means."""
    return (Verdict.DONE if status < 300 else BY_STATUS[status]), body


@dataclass(frozen=True)
class Way:
    """A way in. `user` is who asks, None for nobody; `told` is what a new task has besides, in the native API's words.

    `home` is the project in which somebody's new tasks lie.
    """

    name: str
    home: Callable[[User], int]
    create: Callable[[User | None, Fields], Said]
    edit: Callable[[User | None, int, Fields], Said]
    trash: Callable[[User | None, int], Said]
    told: Callable[[User], Mapping[str, Any]] = lambda _user: {}
    id_of: Callable[[Any], Any] = lambda body: body["id"]


def inbox(user: User) -> int:
    """Return somebody's own project."""
    return Project.objects.get(owner=user, is_inbox=True).pk


def shared(name: str) -> Callable[[User], int]:
    """Return how to find the project behind a dialect."""

    def home(_user: User) -> int:
        project = dialect_named(name).project
        assert project is not None
        return project(Actor(None, surface=name))

    return home


def native(home: Callable[[User], int], told: Callable[[User], Mapping[str, Any]]) -> Way:
    """Return the native API, used on the same tasks as another way."""

    def ask(user: User | None, method: str, path: str, body: Any = None) -> Said:
        answer = Caller(user).call(method, path, body)
        return verdict(answer.status, answer.body)

    def create(user: User | None, fields: Fields) -> Said:
        body = {**fields, **({} if user is None else {"project": home(user), **told(user)})}
        return ask(user, "POST", "/api/tasks/", body)

    return Way(
        "api",
        home,
        create,
        lambda user, task, fields: ask(user, "PATCH", f"/api/tasks/{task}/", dict(fields)),
        lambda user, task: ask(user, "DELETE", f"/api/tasks/{task}/"),
        told,
    )


def _renamed(fields: Fields, names: Mapping[str, str], states: Mapping[str, str]) -> dict[str, str]:
    return {names[name]: states[value] if name == "status" else value for name, value in fields.items()}


def _taskmaster() -> Way:
    names = {"title": "title", "description": "description", "status": "status_task"}
    states = {"todo": "TO DO", "in_progress": "IN PROGRESS", "done": "DONE"}

    def ask(user: User | None, method: str, path: str, fields: Fields | None = None) -> Said:
        body = None if fields is None else _renamed(fields, names, states)
        answer = TaskmasterCaller(user).call(method, MASTER_TASKS + path, body)
        return verdict(answer.status, answer.body)

    def path(task: int) -> str:
        from baton.core.models import Task

        return f"{Task.objects.get(pk=task).uuid}/"

    def number(body: Any) -> int:
        from baton.core.models import Task

        return Task.objects.get(uuid=body["id"]).pk

    return Way(
        "taskmaster",
        inbox,
        lambda user, fields: ask(user, "POST", "", fields),
        lambda user, task, fields: ask(user, "PUT", path(task), fields),
        lambda user, task: ask(user, "DELETE", path(task)),
        id_of=number,
    )


def _taskapi() -> Way:
    names = {"title": "name", "description": "description", "status": "status"}
    states = {"todo": "new", "planned": "planned", "in_progress": "in_work", "done": "completed"}

    def ask(user: User | None, method: str, path: str, fields: Fields | None = None) -> Said:
        status, body = FormClient(user).ask(method, path, **_renamed(fields or {}, names, states))
        if body == {"error": "task not found"}:
            return Verdict.INVISIBLE, body
        return verdict(status, body)

    return Way(
        "taskapi",
        inbox,
        lambda user, fields: ask(user, "POST", "/task", fields),
        lambda user, task, fields: ask(user, "PUT", f"/task/{task}", fields),
        lambda user, task: ask(user, "DELETE", f"/task/{task}"),
    )


def _issuetracker() -> Way:
    names = {"title": "title", "description": "description", "status": "status"}
    states = {"todo": "open", "done": "closed"}

    def ask(user: User | None, method: str, path: str, fields: Mapping[str, str] | None = None) -> Said:
        return verdict(*IssueClient(user).ask(method, path, fields))

    def create(user: User | None, fields: Fields) -> Said:
        assigned = "" if user is None else user.username
        return ask(user, "POST", "/api/issue/", {**_renamed(fields, names, states), "assigned_to": assigned})

    return Way(
        "issuetracker",
        shared("issuetracker"),
        create,
        lambda user, task, fields: ask(user, "PATCH", f"/api/issue/{task}/", _renamed(fields, names, states)),
        lambda user, task: ask(user, "DELETE", f"/api/issue/{task}/"),
        told=lambda user: {"assigned_to": user.pk},
    )


def _tasktable() -> Way:
    names = {"title": "name", "description": "specification", "status": "status"}
    states = {"todo": "n", "in_progress": "w", "done": "c"}

    def ask(user: User | None, method: str, path: str, fields: Fields | None = None) -> Said:
        token = {} if user is None else {"Authorization": f"Token {issue_dialect_token(NOBODY, user, 'tasktable')}"}
        body = b"" if fields is None else json.dumps(_renamed(fields, names, states)).encode()
        address = f"/tasktable/api/tasks/{path}"
        answer = Client(raise_request_exception=False).generic(method, address, body, "application/json", headers=token)
        said = json.loads(answer.content) if answer.content else None
        if user is None and answer.status_code == 403:
            return Verdict.NOBODY, said  # where a session comes first, nobody is a 403
        return verdict(answer.status_code, said)

    return Way(
        "tasktable",
        shared("tasktable"),
        lambda user, fields: ask(user, "POST", "", fields),
        lambda user, task, fields: ask(user, "PATCH", f"{task}/", fields),
        lambda user, task: ask(user, "DELETE", f"{task}/"),
    )


DIALECTS = (_tasktable(), _taskmaster(), _taskapi(), _issuetracker())
