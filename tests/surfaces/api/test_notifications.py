"""`/api/notifications/`: what one was told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from baton.core.commands.members import remove_member
from baton.core.commands.tasks import edit_task, trash_task
from baton.core.models import Event, Notification, Task, User
from baton.core.models.notification import Kind, Mode
from tests.caller import Caller
from tests.cast import Cast
from tests.factories import actor_of, make_project, make_task


def tell(user: User, task: Task, kind: Kind = Kind.CHANGED, **fields: Any) -> Notification:
    event = Event.objects.filter(task=task).latest("pk")
    values = {"occasion": f"event:{event.pk}", "event": event, "created_at": timezone.now(), **fields}
    return Notification.objects.create(
        user=user, kind=kind, task=task, project=task.project, mode=Mode.AT_ONCE, actor_id=event.actor_id, **values
    )


def test_it_shows_what_happened_where_and_by_whom(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project, title="Water the tomatoes")
    told = tell(cast.editor, task, Kind.ASSIGNED)
    answer = Caller(cast.editor).get("/api/notifications/")
    assert answer.status == 200
    assert answer.body["unread_count"] == 1
    assert answer.body["next"] is None
    (shown,) = answer.body["results"]
    assert list(shown) == ["id", "kind", "project", "task", "actor", "event", "changes", "at", "read_at"]
    assert shown["id"] == told.pk
    assert shown["kind"] == "task_assigned"
    assert shown["project"] == {"id": cast.project.pk, "key": cast.project.key, "name": cast.project.name}
    assert shown["task"] == {
        "id": task.pk,
        "key": f"{cast.project.key}-{task.number}",
        "title": "Water the tomatoes",
    }
    assert shown["actor"]["username"] == "olga"
    assert shown["changes"]["title"] == [None, "Water the tomatoes"]
    assert shown["read_at"] is None


def test_only_ones_own_the_newest_first_by_page(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    now = timezone.now()
    mine = [
        tell(cast.editor, task, occasion=f"o{number}", created_at=now - timedelta(minutes=number)).pk
        for number in range(3)
    ]
    tell(cast.viewer, task)
    caller = Caller(cast.editor)
    first = caller.get("/api/notifications/?page_size=2&count=true").body
    second = caller.get(first["next"].removeprefix("http://testserver")).body
    assert [row["id"] for row in first["results"] + second["results"]] == mine
    assert first["count"] == 3


def test_filters(cast: Cast) -> None:
    task, other = make_task(cast.owner, cast.project), make_task(cast.owner, cast.project)
    read = tell(cast.editor, task, read_at=timezone.now())
    unread = tell(cast.editor, other, Kind.COMMENTED)
    caller = Caller(cast.editor)

    def found(query: str) -> list[int]:
        return [row["id"] for row in caller.get(f"/api/notifications/?{query}").body["results"]]

    assert found("unread=true") == [unread.pk]
    assert found("unread=false") == [read.pk]
    assert found("kind=task_commented") == [unread.pk]
    assert found(f"task={task.pk}&project={cast.project.pk}") == [read.pk]
    assert caller.get("/api/notifications/?kind=gossip").pointers == ["?kind"]


def test_what_one_no_longer_sees_is_left_out(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    tell(cast.editor, task)
    tell(cast.viewer, task)
    remove_member(actor_of(cast.owner), cast.project.pk, cast.editor.pk)
    gone = Caller(cast.editor).get("/api/notifications/").body
    assert (gone["results"], gone["unread_count"]) == ([], 0)
    trash_task(actor_of(cast.owner), task.pk)
    assert Caller(cast.viewer).get("/api/notifications/").body["results"] == []


def test_a_task_that_went_where_one_does_not_look_is_left_out(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project, "Water")
    tell(cast.editor, task)
    secret = make_project(cast.owner, "Secret")
    edit_task(actor_of(cast.owner), task.pk, {"project_id": secret.pk})
    edit_task(actor_of(cast.owner), task.pk, {"title": "Sell the garden"})
    assert Caller(cast.editor).get("/api/notifications/").body["results"] == []


def test_more_of_them_cost_no_more_statements(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    caller = Caller(cast.editor)

    def count() -> int:
        caller.get("/api/notifications/")
        with CaptureQueriesContext(connection) as queries:
            caller.get("/api/notifications/")
        return len(queries)

    tell(cast.editor, task)
    one = count()
    for number in range(5):
        tell(cast.editor, make_task(cast.owner, cast.project), occasion=f"o{number}")
    assert count() == one


def test_reading_and_unreading(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    told, foreign = tell(cast.editor, task), tell(cast.viewer, task)
    caller = Caller(cast.editor)
    path = f"/api/notifications/{told.pk}/read/"
    for answer in (caller.put(path), caller.post(path)):
        assert answer.status == 204
        assert caller.get("/api/notifications/").body["unread_count"] == 0
    read_at = Notification.objects.get(pk=told.pk).read_at
    assert caller.put(path).status == 204
    assert Notification.objects.get(pk=told.pk).read_at == read_at
    assert caller.delete(path).status == 204
    assert caller.get("/api/notifications/").body["unread_count"] == 1
    for method in ("PUT", "POST", "DELETE"):
        assert caller.call(method, f"/api/notifications/{foreign.pk}/read/").status == 404
    assert Notification.objects.get(pk=foreign.pk).read_at is None


def test_reading_all_up_to_what_one_was_shown(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    rows = [tell(cast.editor, task, occasion=f"o{number}") for number in range(3)]
    tell(cast.viewer, task)
    caller = Caller(cast.editor)
    assert caller.post("/api/notifications/read-all/", {"until": rows[1].pk}).body == {"read": 2}
    assert caller.get("/api/notifications/").body["unread_count"] == 1
    assert caller.post("/api/notifications/read-all/").body == {"read": 1}
    assert caller.post("/api/notifications/read-all/", {"until": "x"}).pointers == ["/until"]
    assert Notification.objects.filter(user=cast.viewer, read_at=None).count() == 1
