"""`/api/tasks/bulk/`: up to 500 operations, all or nothing or each for itself, with a dry run."""

from __future__ import annotations

from typing import Any

import pytest

from baton.core.models import Event, Task
from tests.caller import Caller
from tests.cast import Cast
from tests.factories import make_project, make_task
from tests.traces import nothing_changes

PATH = "/api/tasks/bulk/"


@pytest.fixture
def tasks(cast: Cast) -> list[int]:
    return [make_task(cast.owner, cast.project).pk for _ in range(3)]


def status(task: object, status: str = "done", **more: object) -> dict[str, Any]:
    return {"op": "status", "task": task, "status": status, **more}


def test_every_verb(cast: Cast, editor: Caller, tasks: list[int]) -> None:
    target = make_project(cast.editor, "Target")
    operations: list[dict[str, Any]] = [
        {"op": "create", "project": cast.project.pk, "title": "New", "priority": "high", "labels": ["a"]},
        {"op": "edit", "task": tasks[0], "title": "Ferns", "due_date": None, "version": 1},
        status(tasks[0], "review", version=2),
        {"op": "assign", "task": tasks[0], "user_id": cast.viewer.pk},
        {"op": "delegate", "task": tasks[0], "to": cast.newcomer.pk, "note": "Please."},
        {"op": "comment", "task": tasks[0], "text": "Well."},
        {"op": "watch", "task": tasks[0]},
        {"op": "unwatch", "task": tasks[0]},
        {"op": "move", "task": tasks[1], "before": tasks[0]},
        {"op": "move", "task": tasks[1], "project": target.pk, "status": "done"},
        {"op": "trash", "task": tasks[2]},
    ]
    answer = editor.post(PATH, {"operations": operations})
    assert answer.status == 200, answer.body
    assert answer.body["dry_run"] is False
    results = answer.body["results"]
    assert [(item["index"], item["op"]) for item in results] == [(n, op["op"]) for n, op in enumerate(operations)]
    assert [item["status"] for item in results] == [201, *[200] * 10]
    assert [item["id"] for item in results[1:]] == [*[tasks[0]] * 7, *[tasks[1]] * 2, tasks[2]]
    assert results[10]["task"] is None
    for item in results[:10]:
        assert item["task"] == editor.get(f"/api/tasks/{item['id']}/").body
    assert results[2]["task"]["title"] == "Ferns"
    assert results[9]["task"]["key"] == f"{target.key}-1"


def test_events_are_as_one_by_one(editor: Caller, tasks: list[int]) -> None:
    answer = editor.post(PATH, {"operations": [status(task) for task in tasks]})
    events = list(Event.objects.filter(verb="task.status_changed").order_by("id"))
    assert [event.task_id for event in events] == tasks
    assert {event.request_id for event in events} == {answer.headers["X-Request-Id"]}
    assert {event.surface for event in events} == {"api"}


def test_a_foreign_task_is_not_found_and_nothing_changes(cast: Cast, editor: Caller, tasks: list[int]) -> None:
    foreign = make_task(cast.outsider, make_project(cast.outsider)).pk
    operations = [status(tasks[0]), {"op": "trash", "task": foreign}, {"op": "trash", "task": tasks[1]}]
    with nothing_changes():
        answer = editor.post(PATH, {"operations": operations})
    assert (answer.status, answer.body["code"], answer.pointers) == (404, "not_found", ["/operations/1"])
    assert [(item["index"], item["op"], item["status"], item["id"]) for item in answer.body["refused"]] == [
        (1, "trash", 404, foreign)
    ]


def test_all_refusals_come_at_once(cast: Cast, tasks: list[int]) -> None:
    operations = [
        status(tasks[0], version=7),
        status(987654321),
        status(tasks[1], "perhaps"),
        {"op": "edit", "task": tasks[1], "title": "", "colour": "red"},
        {"op": "fly", "task": tasks[1]},
        {"op": "watch", "task": "7x", "version": 1},
        "watch",
        {"op": "create", "task": 1, "project": cast.project.pk},
        {"op": "assign", "task": tasks[2]},
        {"op": "edit", "task": tasks[2], "labels": ["a", "b\nc"]},
        status(tasks[2]),
    ]
    with nothing_changes():
        answer = Caller(cast.editor).post(PATH, {"operations": operations})
    assert (answer.status, answer.body["code"]) == (400, "operations_refused")
    assert sorted(answer.pointers) == [
        "/operations/0",
        "/operations/1",
        "/operations/2/status",
        "/operations/3/colour",
        "/operations/3/title",
        "/operations/4/op",
        "/operations/5/task",
        "/operations/5/version",
        "/operations/6",
        "/operations/7/task",
        "/operations/7/title",
        "/operations/8/assigned_to",
        "/operations/9/labels/1",
    ]
    assert [item["status"] for item in answer.body["refused"]] == [412, 404, *[400] * 8]


def test_each_for_itself(cast: Cast, editor: Caller, tasks: list[int]) -> None:
    operations = [status(tasks[0]), status(987654321), status(tasks[1], version=9), status(tasks[2], "")]
    answer = editor.post(PATH, {"operations": operations, "atomic": False})
    assert answer.status == 200
    results = answer.body["results"]
    assert [item["status"] for item in results] == [200, 404, 412, 400]
    assert results[0]["task"]["status"] == "done"
    problem = results[3]["problem"]
    assert (problem["code"], problem["errors"][0]["pointer"]) == ("invalid", "/operations/3/status")
    assert list(results[1]) == ["index", "op", "status", "id", "problem"]
    assert [Task.objects.get(pk=task).status for task in tasks] == ["done", "todo", "todo"]


@pytest.mark.parametrize("atomic", [True, False])
def test_a_dry_run_tells_the_difference(cast: Cast, editor: Caller, tasks: list[int], atomic: bool) -> None:
    operations = [
        status(tasks[0], "review"),
        {"op": "edit", "task": tasks[0], "title": "Ferns", "status": "review"},
        {"op": "create", "project": cast.project.pk, "title": "New"},
        {"op": "watch", "task": tasks[1]},
        status(tasks[2], "todo"),
    ]
    with nothing_changes():
        answer = editor.post(PATH, {"operations": operations, "dry_run": True, "atomic": atomic})
    assert (answer.status, answer.body["dry_run"]) == (200, True)
    first, second, third, fourth, fifth = answer.body["results"]
    assert first == {
        "index": 0,
        "op": "status",
        "status": 200,
        "id": tasks[0],
        "events": [{"verb": "task.status_changed", "task": tasks[0], "changes": {"status": ["todo", "review"]}}],
    }
    assert second["events"][0]["changes"] == {"title": ["Water the plants", "Ferns"]}
    assert (third["status"], third["id"], third["events"][0]["task"]) == (201, None, None)
    assert third["events"][0]["changes"]["title"] == [None, "New"]
    assert [event["verb"] for event in fourth["events"]] == ["task.watched"]
    assert fifth["events"] == []


def test_a_dry_run_is_refused_like_the_real_one(editor: Caller, tasks: list[int]) -> None:
    body = {"operations": [status(tasks[0]), status(987654321)]}
    with nothing_changes():
        dry, wet = (editor.post(PATH, {**body, "dry_run": dry_run}) for dry_run in (True, False))
    assert (dry.status, dry.body["refused"]) == (wet.status, wet.body["refused"])


def test_the_same_key_again_does_nothing_again(editor: Caller, tasks: list[int]) -> None:
    body = {"operations": [{"op": "comment", "task": tasks[0], "text": "Once."}]}
    first = editor.post(PATH, body, idempotency_key="b1")
    with nothing_changes():
        again = editor.post(PATH, body, idempotency_key="b1")
        assert editor.post(PATH, {"operations": [status(tasks[0])]}, idempotency_key="b1").status == 422
    assert (first.status, again.body, again.headers["Idempotency-Replayed"]) == (200, first.body, "true")


def test_a_refused_bulk_under_a_key_is_not_kept(editor: Caller, tasks: list[int]) -> None:
    with nothing_changes():
        refused = editor.post(PATH, {"operations": [status(tasks[0]), status(987654321)]}, idempotency_key="b2")
    assert refused.status == 404
    assert editor.post(PATH, {"operations": [status(tasks[0])]}, idempotency_key="b2").status == 200


@pytest.mark.parametrize(
    "body, pointers",
    [
        ({}, ["/operations"]),
        ({"operations": []}, ["/operations"]),
        ({"operations": {}}, ["/operations"]),
        ({"operations": "all"}, ["/operations"]),
        ({"operations": [{"op": "watch", "task": 1}] * 501}, ["/operations"]),
        ({"operations": [None]}, ["/operations/0"]),
        ({"operations": [{"op": ["watch"]}]}, ["/operations/0/op"]),
        ({"operations": [{"op": "watch"}]}, ["/operations/0/task"]),
        ({"operations": [{"op": "watch", "task": 1}], "atomic": "perhaps"}, ["/atomic"]),
        ({"operations": [{"op": "watch", "task": 1}], "dry": True}, ["/dry"]),
        ([], [""]),
    ],
)
def test_bad_input(editor: Caller, body: object, pointers: list[str]) -> None:
    with nothing_changes():
        answer = editor.post(PATH, body)
    assert (answer.status, answer.pointers) == (400, pointers)


def test_five_hundred(cast: Cast, editor: Caller) -> None:
    body = {"operations": [{"op": "create", "project": cast.project.pk, "title": f"Task {n}"} for n in range(500)]}
    made = editor.post(PATH, body)
    assert made.status == 200
    ids = [item["id"] for item in made.body["results"]]
    assert len(set(ids)) == 500
    changed = editor.post(PATH, {"operations": [status(pk) for pk in ids]})
    assert {item["task"]["status"] for item in changed.body["results"]} == {"done"}
    assert Event.objects.filter(verb="task.status_changed").count() == 500
