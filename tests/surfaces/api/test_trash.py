"""`/api/trash/`, restoring and undoing over HTTP."""

from __future__ import annotations

from tests.caller import Caller
from tests.cast import Cast
from tests.factories import make_project, make_task


def test_list_restore_and_pages(cast: Cast) -> None:
    owner, outsider = Caller(cast.owner), Caller(cast.outsider)
    tasks = [make_task(cast.owner, cast.project, f"Task {number}") for number in range(3)]
    other = make_project(cast.owner, "Second")
    for path in [*(f"/api/tasks/{task.pk}/" for task in tasks), f"/api/projects/{other.pk}/"]:
        assert owner.delete(path).status == 204
    whole = owner.get("/api/trash/").body["results"]
    assert [(thing["kind"], thing["title"]) for thing in whole] == [
        ("project", "Second"),
        ("task", "Task 2"),
        ("task", "Task 1"),
        ("task", "Task 0"),
    ]
    assert list(whole[1]) == ["kind", "id", "key", "title", "project", "trashed_at", "expires_at"]
    assert outsider.get("/api/trash/").body["results"] == []
    first = owner.get("/api/trash/?page_size=3").body
    second = owner.get(first["next"].removeprefix("http://testserver")).body
    assert first["results"] + second["results"] == whole
    assert second["next"] is None
    assert owner.get(second["previous"].removeprefix("http://testserver")).body["results"] == first["results"]
    assert owner.get("/api/trash/?ordering=trashed_at").body["results"] == whole[::-1]

    path = f"/api/trash/tasks/{tasks[0].pk}/restore/"
    assert outsider.post(path).status == 404
    assert Caller(cast.viewer).post(path).status == 403
    restored = owner.post(path)
    assert (restored.status, restored.body["title"]) == (200, "Task 0")
    assert owner.post(path).status == 404
    assert owner.post(f"/api/trash/projects/{other.pk}/restore/").body["name"] == "Second"
    assert owner.post("/api/trash/comments/1/restore/").status == 404


def test_undo_over_http(cast: Cast) -> None:
    owner, task = Caller(cast.owner), make_task(cast.owner, cast.project)
    owner.patch(f"/api/tasks/{task.pk}/", {"title": "Ferns"})
    event = owner.get(f"/api/tasks/{task.pk}/history/?ordering=-cursor").body["results"][0]
    assert Caller(cast.viewer).post(f"/api/events/{event['id']}/undo/").status == 403
    assert Caller(cast.outsider).post(f"/api/events/{event['id']}/undo/").status == 404
    undone = owner.post(f"/api/events/{event['id']}/undo/")
    assert undone.status == 201
    assert undone.body["changes"] == {"title": ["Ferns", "Water the plants"]}
    assert undone.body["data"] == {"undoes": event["id"]}
    assert undone.body["actor"]["username"] == "olga"
    again = owner.post(f"/api/events/{event['id']}/undo/")
    assert (again.status, again.body["code"]) == (409, "overtaken")
    assert owner.get(f"/api/tasks/{task.pk}/").body["title"] == "Water the plants"
