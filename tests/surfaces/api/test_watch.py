"""Watching tasks over HTTP."""

from __future__ import annotations

from baton.core.models import Watcher
from tests.caller import Caller
from tests.cast import Cast
from tests.factories import make_task
from tests.traces import nothing_changes, verbs_of


def test_watching_twice_is_once(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    viewer, path = Caller(cast.viewer), f"/api/tasks/{task.pk}/watch/"
    first = viewer.put(path)
    assert (first.status, first.body) == (204, None)
    with nothing_changes():
        assert viewer.put(path).status == 204
    assert Watcher.objects.get(task=task).user == cast.viewer
    assert viewer.delete(path).status == 204
    with nothing_changes():
        assert viewer.delete(path).status == 204
    assert verbs_of(task) == ["task.created", "task.watched", "task.unwatched"]
    assert viewer.get(f"/api/tasks/{task.pk}/").body["version"] == 1


def test_watching_is_each_ones_own(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    path = f"/api/tasks/{task.pk}/watch/"
    Caller(cast.viewer).put(path)
    with nothing_changes():
        assert Caller(cast.editor).delete(path).status == 204


def test_foreign_and_missing_are_alike(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    outsider = Caller(cast.outsider)
    with nothing_changes():
        for path in (f"/api/tasks/{task.pk}/watch/", "/api/tasks/999999999/watch/"):
            assert outsider.put(path).status == 404
            assert outsider.delete(path).status == 404
            assert Caller().put(path).status == 401
    assert outsider.get(f"/api/tasks/{task.pk}/watch/").status == 405
