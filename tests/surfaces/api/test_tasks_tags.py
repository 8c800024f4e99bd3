"""Tasks over HTTP: their versions and tags."""

from __future__ import annotations

import pytest

from baton.core.models import Task
from tests.caller import Caller
from tests.cast import Cast
from tests.traces import nothing_changes, verbs_of


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_stale_tag_changes_nothing(cast: Cast, full: Task, editor: Caller, method: str) -> None:
    path = f"/api/tasks/{full.pk}/"
    read = editor.get(path)
    assert editor.patch(path, {"title": "Meanwhile"}).status == 200
    with nothing_changes():
        stale = editor.call(method, path, read.body | {"title": "Mine"}, if_match=read.tag)
    assert stale.status == 412
    fresh = editor.get(path)
    assert editor.call(method, path, fresh.body | {"title": "Mine"}, if_match=fresh.tag).status in (200, 204)


@pytest.mark.parametrize("action, body", [("assign", {"assigned_to": None}), ("status", {"status": "done"})])
def test_a_stale_tag_stops_the_verbs_too(cast: Cast, full: Task, editor: Caller, action: str, body: object) -> None:
    with nothing_changes():
        assert editor.patch(f"/api/tasks/{full.pk}/{action}/", body, if_match='"7"').status == 412
    assert editor.patch(f"/api/tasks/{full.pk}/{action}/", body, if_match='"1"').status == 200


def test_a_reader_who_holds_it_gets_304(cast: Cast, full: Task, editor: Caller) -> None:
    path = f"/api/tasks/{full.pk}/"
    tag = editor.get(path).tag
    unchanged = editor.get(path, if_none_match=tag)
    assert (unchanged.status, unchanged.body, unchanged.tag) == (304, None, tag)
    editor.post(f"{path}comments/", {"text": "Still dry."})
    commented = editor.get(path, if_none_match=tag)
    assert (commented.status, commented.body["comments_count"]) == (200, 1)
    assert commented.body["version"] == 1, "a comment makes nobody's edit stale"
    assert editor.patch(path, {"title": "Water the ferns"}, if_match=tag).status == 200


def test_one_change_one_version_and_no_change_none(cast: Cast, full: Task, editor: Caller) -> None:
    path = f"/api/tasks/{full.pk}/"
    answer = editor.patch(path, {"title": "A", "status": "done", "assigned_to": cast.owner.pk, "priority": "low"})
    assert answer.body["version"] == 2
    assert sorted(verbs_of(full)) == ["task.assigned", "task.created", "task.edited", "task.status_changed"]
    with nothing_changes():
        again = editor.patch(path, {"title": "A", "status": "done", "assigned_to": cast.owner.pk, "priority": "low"})
    assert again.body == answer.body
