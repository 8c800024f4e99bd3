"""A task's history over HTTP."""

from __future__ import annotations

import pytest

from baton.core.models import Task
from tests.caller import Caller
from tests.cast import Cast
from tests.factories import make_task


@pytest.fixture
def task(cast: Cast) -> Task:
    """A task that has lived: ten events."""
    task = make_task(cast.owner, cast.project)
    owner, editor = Caller(cast.owner), Caller(cast.editor)
    path = f"/api/tasks/{task.pk}/"
    owner.patch(f"{path}assign/", {"assigned_to": cast.owner.pk})
    delegation = owner.post(f"{path}delegations/", {"to": cast.editor.pk, "note": "I am at sea."}).headers["Location"]
    editor.patch(delegation, {"state": "accepted", "note": "Gladly."})
    comment = editor.post(f"{path}comments/", {"text": "Done soon."}).headers["Location"]
    editor.patch(comment, {"text": "Done."})
    editor.delete(comment)
    editor.put(f"{path}watch/")
    editor.patch(f"{path}status/", {"status": "done"})
    editor.patch(path, {"title": "Watered"}, x_request_id="req-7")
    make_task(cast.owner, cast.project, "Another")
    return task


VERBS = [
    "task.created",
    "task.assigned",
    "task.delegated",
    "delegation.accepted",
    "comment.added",
    "comment.edited",
    "comment.deleted",
    "task.watched",
    "task.status_changed",
    "task.edited",
]


def test_everything_is_there_in_order(cast: Cast, task: Task) -> None:
    answer = Caller(cast.viewer).get(f"/api/tasks/{task.pk}/history/")
    assert answer.status == 200
    events = answer.body["results"]
    assert [event["verb"] for event in events] == VERBS
    assert all(
        list(event) == ["cursor", "id", "verb", "project", "task", "actor", "at", "changes", "data", "request_id"]
        for event in events
    )
    assert {(event["project"], event["task"]) for event in events} == {(cast.project.pk, task.pk)}
    assert events[1]["actor"] == {"id": cast.owner.pk, "username": "olga", "name": "", "avatar": None}
    assert events[1]["changes"] == {"assigned_to": [None, cast.owner.pk], "assignees": [[], [cast.owner.pk]]}
    assert events[2]["data"]["note"] == "I am at sea."
    assert events[2]["changes"]["delegated"] == [False, True]
    assert events[9]["changes"] == {"title": ["Water the plants", "Watered"]}
    assert events[9]["request_id"] == "req-7"


def test_newest_first_and_by_page(cast: Cast, task: Task) -> None:
    viewer = Caller(cast.viewer)
    for ordering, verbs in (("cursor", VERBS), ("-cursor", VERBS[::-1])):
        page = viewer.get(f"/api/tasks/{task.pk}/history/?ordering={ordering}&page_size=4&count=true").body
        met = [event["verb"] for event in page["results"]]
        while page["next"]:
            page = viewer.get(page["next"]).body
            assert page["count"] == 10
            met += [event["verb"] for event in page["results"]]
        assert met == verbs
        back = viewer.get(page["previous"]).body["results"]
        assert [event["verb"] for event in back] == verbs[4:8]


def test_bad_parameters(cast: Cast, task: Task) -> None:
    answer = Caller(cast.viewer).get(f"/api/tasks/{task.pk}/history/?verb=x&ordering=at&cursor=0-0")
    assert (answer.status, set(answer.pointers)) == (400, {"?verb", "?ordering", "?cursor"})


def test_nobody_writes_history(cast: Cast, task: Task) -> None:
    owner = Caller(cast.owner)
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert owner.call(method, f"/api/tasks/{task.pk}/history/", {}).status == 405


def test_foreign_and_missing_are_alike(cast: Cast, task: Task) -> None:
    outsider = Caller(cast.outsider)
    assert outsider.get(f"/api/tasks/{task.pk}/history/").status == 404
    assert outsider.get("/api/tasks/999999999/history/").status == 404
    assert Caller().get(f"/api/tasks/{task.pk}/history/").status == 401
    assert Caller(cast.owner).delete(f"/api/tasks/{task.pk}/").status == 204
    assert Caller(cast.owner).get(f"/api/tasks/{task.pk}/history/").status == 404
