"""A foreign id in every place that takes one: the same answer as for an id there isn't, and nothing changes."""

from __future__ import annotations

from typing import Any

import pytest

from baton.core.commands.comments import add_comment
from baton.core.commands.task_delegation import delegate_task
from baton.core.models import Project, Task
from tests.caller import Caller
from tests.cast import Cast
from tests.factories import actor_of, make_project, make_task
from tests.traces import nothing_changes

MISSING = 987654321
PLACES: list[tuple[str, str, Any]] = [
    ("GET", "/api/tasks/{task}/", None),
    ("PUT", "/api/tasks/{task}/", {"project": "own project", "title": "Mine"}),
    ("PATCH", "/api/tasks/{task}/", {"title": "Mine"}),
    ("PATCH", "/api/tasks/{task}/", {"title": ""}),
    ("DELETE", "/api/tasks/{task}/", None),
    ("PATCH", "/api/tasks/{task}/assign/", {"assigned_to": None}),
    ("PATCH", "/api/tasks/{task}/status/", {"status": "done"}),
    ("GET", "/api/tasks/{task}/comments/", None),
    ("GET", "/api/tasks/{task}/comments/?count=true", None),
    ("POST", "/api/tasks/{task}/comments/", {"text": "Hello?"}),
    ("GET", "/api/tasks/{task}/history/", None),
    ("GET", "/api/tasks/{task}/history/?count=true", None),
    ("GET", "/api/tasks/{task}/delegations/", None),
    ("POST", "/api/tasks/{task}/delegations/", {"to": "own user"}),
    ("PUT", "/api/tasks/{task}/watch/", None),
    ("DELETE", "/api/tasks/{task}/watch/", None),
    ("GET", "/api/comments/{comment}/", None),
    ("PUT", "/api/comments/{comment}/", {"text": "Mine"}),
    ("PATCH", "/api/comments/{comment}/", {"text": "Mine"}),
    ("DELETE", "/api/comments/{comment}/", None),
    ("GET", "/api/delegations/{delegation}/", None),
    ("PATCH", "/api/delegations/{delegation}/", {"state": "declined"}),
    ("POST", "/api/tasks/", {"project": "project", "title": "Mine"}),
    ("POST", "/api/tasks/", {"project": "own project", "title": "Mine", "parent": "task"}),
    ("PUT", "/api/tasks/{own}/", {"project": "own project", "title": "Mine", "parent": "task"}),
    ("PATCH", "/api/tasks/{own}/", {"parent": "task"}),
    ("PATCH", "/api/tasks/{own}/", {"project": "project"}),
    ("POST", "/api/tasks/{task}/move/", {"status": "done"}),
    ("POST", "/api/tasks/{task}/move/", {"project": "own project"}),
    ("POST", "/api/tasks/{own}/move/", {"project": "project"}),
    ("POST", "/api/tasks/{own}/move/", {"status": "done", "before": "task"}),
    ("POST", "/api/tasks/{own}/move/", {"after": "task", "project": "own project"}),
    ("POST", "/api/tasks/{own}/move/", {"after": "task", "project": "project"}),
    ("GET", "/api/projects/{project}/board/", None),
    ("POST", "/api/tasks/bulk/", {"operations": [{"op": "status", "task": "task", "status": "done"}]}),
    ("POST", "/api/tasks/bulk/", {"operations": [{"op": "trash", "task": "own"}, {"op": "trash", "task": "task"}]}),
    ("POST", "/api/tasks/bulk/", {"operations": [{"op": "move", "task": "own", "project": "project"}]}),
    ("POST", "/api/tasks/bulk/", {"operations": [{"op": "create", "project": "project", "title": "Mine"}]}),
    ("GET", "/api/tasks/?project={project}", None),
    ("GET", "/api/tasks/?parent={task}", None),
    ("GET", "/api/tasks/statistics/?project={project}", None),
    ("GET", "/api/events/?project={project}", None),
]
BAD_REQUESTS: list[tuple[str, str, Any]] = [
    ("PATCH", "/api/tasks/{own}/", {"assigned_to": "user"}),
    ("PATCH", "/api/tasks/{own}/", {"assignees": ["user"]}),
    ("PATCH", "/api/tasks/{own}/assign/", {"user_id": "user"}),
    ("POST", "/api/tasks/{own}/delegations/", {"to": "user"}),
    ("POST", "/api/tasks/", {"project": "own project", "title": "Mine", "assigned_to": "user"}),
]


@pytest.fixture
def own(cast: Cast) -> Task:
    """The outsider's own task, in a project of their own."""
    return make_task(cast.outsider, make_project(cast.outsider, "Own"))


@pytest.fixture
def foreign(cast: Cast) -> dict[str, int]:
    """The ids of what the outsider doesn't see."""
    task = make_task(cast.owner, cast.project)
    return {
        "task": task.pk,
        "project": cast.project.pk,
        "user": cast.owner.pk,
        "comment": add_comment(actor_of(cast.owner), task.pk, "Ours.").pk,
        "delegation": delegate_task(actor_of(cast.owner), task.pk, cast.editor.pk).pk,
    }


@pytest.mark.parametrize("method, path, body", PLACES)
def test_it_is_not_there(cast: Cast, own: Task, foreign: dict[str, int], method: str, path: str, body: Any) -> None:
    expected = 400 if body == {"title": ""} else 404
    _same_answers(cast, own, foreign, (method, path, body), expected)


@pytest.mark.parametrize("method, path, body", BAD_REQUESTS)
def test_it_is_a_bad_value(cast: Cast, own: Task, foreign: dict[str, int], method: str, path: str, body: Any) -> None:
    _same_answers(cast, own, foreign, (method, path, body), 400)


def test_a_task_of_a_trashed_project_is_not_there(cast: Cast, own: Task) -> None:
    outsider = Caller(cast.outsider)
    Project.objects.filter(pk=own.project_id).update(trashed_at=own.created_at)
    with nothing_changes():
        assert outsider.get(f"/api/tasks/{own.pk}/").status == 404
        assert outsider.patch(f"/api/tasks/{own.pk}/", {"title": "Mine"}).status == 404
        assert outsider.post("/api/tasks/", {"project": own.project_id, "title": "Mine"}).status == 404


def _same_answers(cast: Cast, own: Task, foreign: dict[str, int], call: tuple[str, str, Any], expected: int) -> None:
    outsider = Caller(cast.outsider)
    kept = {"own": own.pk, "own project": own.project_id, "own user": cast.outsider.pk}
    bodies = []
    for ids in (foreign, dict.fromkeys(foreign, MISSING)):
        method, path, body = call
        with nothing_changes():
            answer = outsider.call(method, path.format(**ids, **kept), _filled(body, {**ids, **kept}))
        assert answer.status == expected, answer.body
        text = {name: str(answer.body.get(name)) for name in ("type", "title", "detail", "code", "errors")}
        bodies.append({name: _without(value, ids) for name, value in text.items()})
    assert bodies[0] == bodies[1]


def _filled(body: Any, ids: dict[str, int]) -> Any:
    if isinstance(body, dict):
        return {key: value if key in ("title", "text", "state") else _filled(value, ids) for key, value in body.items()}
    if isinstance(body, list):
        return [_filled(value, ids) for value in body]
    return ids.get(body, body)


def _without(text: str, ids: dict[str, int]) -> str:
    for value in sorted(set(ids.values()), reverse=True):
        text = text.replace(f" {value}", " N")
    return text
