"""`/api/projects/{id}/board/`: every task in its column, in rank order, in one answer."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from baton.core.models import Status, Task
from baton.core.queries import board
from tests.caller import Caller
from tests.cast import Cast
from tests.factories import make_project, make_task


def columns(answer: Any) -> dict[str, list[int]]:
    return {column["status"]: [task["id"] for task in column["tasks"]] for column in answer.body["columns"]}


def counts(answer: Any) -> dict[str, int]:
    return {column["status"]: column["count"] for column in answer.body["columns"]}


@pytest.fixture
def viewer(cast: Cast) -> Caller:
    return Caller(cast.viewer)


def test_it_has_the_fixed_shape(cast: Cast, viewer: Caller) -> None:
    project = cast.project
    task = make_task(cast.owner, project, assignees=[cast.editor.pk, cast.viewer.pk], labels=["b", "a"])
    answer = viewer.get(f"/api/projects/{project.pk}/board/")
    assert answer.status == 200
    assert list(answer.body) == ["project", "columns"]
    assert answer.body["project"] == {
        "id": project.pk,
        "key": project.key,
        "name": project.name,
        "visibility": "private",
        "version": 1,
    }
    assert [column["status"] for column in answer.body["columns"]] == list(Status.values)
    assert answer.body["columns"][0]["tasks"] == [viewer.get(f"/api/tasks/{task.pk}/").body]
    assert counts(answer) == {"todo": 1, "planned": 0, "in_progress": 0, "review": 0, "done": 0}


def test_columns_are_in_rank_order(cast: Cast, viewer: Caller) -> None:
    tasks = [make_task(cast.owner, cast.project, status=Status.values[number % 5]).pk for number in range(15)]
    editor = Caller(cast.editor)
    editor.post(f"/api/tasks/{tasks[10]}/move/", {"before": tasks[0]})
    editor.post(f"/api/tasks/{tasks[4]}/move/", {"after": tasks[9]})
    editor.delete(f"/api/tasks/{tasks[1]}/")
    found = columns(viewer.get(f"/api/projects/{cast.project.pk}/board/"))
    assert found == {
        "todo": [tasks[10], tasks[0], tasks[5]],
        "planned": [tasks[6], tasks[11]],
        "in_progress": [tasks[2], tasks[7], tasks[12]],
        "review": [tasks[3], tasks[8], tasks[13]],
        "done": [tasks[9], tasks[4], tasks[14]],
    }


def test_the_last_done_ones_stand_on_it(cast: Cast, viewer: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "DONE_LIMIT", 3)
    tasks = [make_task(cast.owner, cast.project).pk for _ in range(6)]
    editor = Caller(cast.editor)
    for task in (tasks[5], tasks[0], tasks[3], tasks[2], tasks[4]):
        editor.patch(f"/api/tasks/{task}/status/", {"status": "done"})
    answer = viewer.get(f"/api/projects/{cast.project.pk}/board/")
    assert columns(answer)["done"] == [tasks[2], tasks[3], tasks[4]]
    assert (counts(answer)["todo"], counts(answer)["done"]) == (1, 5)
    answer = viewer.get(f"/api/projects/{cast.project.pk}/board/?done=all")
    assert columns(answer)["done"] == [tasks[0], *tasks[2:6]]


def test_no_column_crowds_out_another(cast: Cast, viewer: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "COLUMN_LIMIT", 3)
    tasks = [make_task(cast.owner, cast.project).pk for _ in range(5)]
    last = make_task(cast.owner, cast.project, status="review").pk
    answer = viewer.get(f"/api/projects/{cast.project.pk}/board/")
    assert columns(answer) == {"todo": tasks[:3], "planned": [], "in_progress": [], "review": [last], "done": []}
    assert counts(answer) == {"todo": 5, "planned": 0, "in_progress": 0, "review": 1, "done": 0}


def test_however_many_tasks_it_takes_five_queries(cast: Cast, viewer: Caller) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert viewer.get(f"/api/projects/{cast.project.pk}/board/").status == 200
        return len(queries)

    people = [cast.editor.pk, cast.viewer.pk]
    make_task(cast.owner, cast.project, assignees=people, labels=["a"])
    assert count() == 5
    for number in range(30):
        make_task(cast.owner, cast.project, assignees=people, labels=["a", "b"], status=Status.values[number % 5])
    assert count() == 5


def test_refusals(cast: Cast, viewer: Caller) -> None:
    foreign = make_project(cast.outsider)
    path = f"/api/projects/{cast.project.pk}/board/"
    assert Caller().get(path).status == 401
    assert viewer.get(f"/api/projects/{foreign.pk}/board/").status == 404
    assert viewer.get(f"{path}?done=some").pointers == ["?done"]
    assert viewer.get(f"{path}?page=2").status == 400
    assert viewer.post(path, {}).status == 405
    Task.objects.filter(project=cast.project).delete()
    viewer.post("/api/auth/logout/", None)
    assert viewer.get(path).status == 401
