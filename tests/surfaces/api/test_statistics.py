"""Counts over tasks over HTTP."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from baton.core.models import Task
from tests.caller import Caller
from tests.cast import Cast
from tests.factories import make_project, make_task

EMPTY = {
    "total": 0,
    "by_status": {"todo": 0, "planned": 0, "in_progress": 0, "review": 0, "done": 0},
    "by_priority": {"low": 0, "medium": 0, "high": 0},
    "overdue": 0,
    "due_soon": 0,
    "unassigned": 0,
    "created_last_7_days": 0,
    "completed_last_7_days": 0,
}


def test_nothing_counts_nothing(cast: Cast) -> None:
    answer = Caller(cast.outsider).get("/api/tasks/statistics/")
    assert (answer.status, answer.body) == (200, EMPTY)
    assert [list(answer.body), list(answer.body["by_status"])] == [list(EMPTY), list(EMPTY["by_status"])]  # type: ignore[call-overload]


def test_counts(cast: Cast) -> None:
    now = timezone.now()
    make_task(cast.owner, cast.project, "Late", due_at=now - timedelta(hours=1), priority=3)
    make_task(cast.owner, cast.project, "Soon", due_at=now + timedelta(hours=23), assigned_to=cast.editor.pk)
    make_task(cast.owner, cast.project, "Later", due_at=now + timedelta(hours=25), status="review", priority=1)
    make_task(cast.owner, cast.project, "Done late", due_at=now - timedelta(hours=1), status="done")
    old = make_task(cast.owner, cast.project, "Old", status="done")
    Task.objects.filter(pk=old.pk).update(
        created_at=now - timedelta(days=8), completed_at=now - timedelta(days=7, minutes=1)
    )
    make_task(cast.outsider, make_project(cast.outsider, "Foreign"), "Foreign")
    trashed = make_task(cast.owner, cast.project, "Trashed")
    Caller(cast.owner).delete(f"/api/tasks/{trashed.pk}/")
    own = make_task(cast.viewer, make_project(cast.viewer, "Own"), "Own")

    viewer = Caller(cast.viewer)
    of_project = viewer.get(f"/api/tasks/statistics/?project={cast.project.pk}").body
    assert of_project == {
        "total": 5,
        "by_status": {"todo": 2, "planned": 0, "in_progress": 0, "review": 1, "done": 2},
        "by_priority": {"low": 1, "medium": 3, "high": 1},
        "overdue": 1,
        "due_soon": 1,
        "unassigned": 2,
        "created_last_7_days": 4,
        "completed_last_7_days": 1,
    }
    everything = viewer.get("/api/tasks/statistics/").body
    assert everything["total"] == 6
    assert viewer.get(f"/api/tasks/statistics/?project={own.project_id}").body["total"] == 1


def test_refusals(cast: Cast) -> None:
    outsider = Caller(cast.outsider)
    assert outsider.get(f"/api/tasks/statistics/?project={cast.project.pk}").status == 404
    assert outsider.get("/api/tasks/statistics/?project=999999999").status == 404
    bad = outsider.get("/api/tasks/statistics/?project=x&colour=red")
    assert (bad.status, bad.pointers) == (400, ["?project", "?colour"])
    assert Caller().get("/api/tasks/statistics/").status == 401
    assert outsider.post("/api/tasks/statistics/", {}).status == 405
