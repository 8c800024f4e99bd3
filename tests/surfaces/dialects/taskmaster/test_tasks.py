"""What conversations don't show: pages, what is kept, races, and what it costs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

import baton.urls  # noqa: F401  # made once, and here with every dialect on
from baton.core.commands.task_assignment import assign_task
from baton.core.commands.task_status import change_status
from baton.core.models import Event, Project, Task, User
from baton.core.queries.inbox import get_inbox_task
from baton.surfaces.dialects.taskmaster import tasks as views
from tests.cast import Cast
from tests.factories import PASSWORD, actor_of, make_task
from tests.surfaces.dialects.taskmaster.caller import TASKS, TaskmasterCaller, inbox_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def olga(cast: Cast) -> TaskmasterCaller:
    return TaskmasterCaller(cast.owner)


def test_following_next_ends_and_comes_back(cast: Cast, olga: TaskmasterCaller) -> None:
    for number in range(23):
        make_task(cast.owner, inbox_of(cast.owner), f"Task {number}")
    pages = [olga.call("GET", TASKS + "?x=1&page=1").body]
    while pages[-1]["next"]:
        pages.append(olga.call("GET", pages[-1]["next"].removeprefix("http://testserver")).body)
    titles = [task["title"] for page in pages for task in page["results"]]
    assert titles == [f"Task {number}" for number in range(23)]
    assert [page["count"] for page in pages] == [23, 23, 23]
    assert [list(page) for page in pages] == [["count", "previous", "next", "results"]] * 3
    assert pages[0]["next"] == f"http://testserver{TASKS}?page=2&x=1"
    assert pages[2]["previous"] == f"http://testserver{TASKS}?page=2&x=1"
    assert pages[1]["previous"] == f"http://testserver{TASKS}?x=1"


def test_links_hold_at_the_root_of_a_host_of_its_own(cast: Cast, olga: TaskmasterCaller) -> None:
    for number in range(11):
        make_task(cast.owner, inbox_of(cast.owner), f"Task {number}")
    with override_settings(
        BATON_DIALECT_HOSTS={"tasks.example.com": "taskmaster"}, ALLOWED_HOSTS=["tasks.example.com"]
    ):
        page = olga.call("GET", "/api/v1/tasks/", HTTP_HOST="tasks.example.com").body
        assert page["next"] == "http://tasks.example.com/api/v1/tasks/?page=2"
        assert olga.call("GET", "/api/v1/tasks/?page=2", HTTP_HOST="tasks.example.com").body["count"] == 11


@pytest.mark.parametrize("page", ["-1", "1e3", "1.0", "%20", "%D9%A1", "99999999999999999999", "last", "%00", "2"])
def test_a_page_that_there_is_not(olga: TaskmasterCaller, page: str) -> None:
    answer = olga.call("GET", f"{TASKS}?page={page}")
    assert (answer.status, answer.body) == (404, {"detail": "Not found."})


def test_read_modify_write_keeps_what_this_dialect_can_not_say(cast: Cast, olga: TaskmasterCaller) -> None:
    inbox = inbox_of(cast.owner)
    for person in (cast.editor, cast.viewer):
        inbox.members.create(user=person, role="editor")
    long = " " + "x" * 180 + " "
    task = make_task(
        cast.owner,
        inbox,
        long,
        description=" kept ",
        status="review",
        due_at=datetime(2030, 1, 31, 10, 30, tzinfo=UTC),
        labels=["garden"],
        priority=3,
    )
    assign_task(actor_of(cast.owner), task.pk, [cast.editor.pk, cast.viewer.pk, cast.owner.pk])
    before, events = Task.objects.values().get(), Event.objects.count()
    read = olga.call("GET", f"{TASKS}{task.uuid}/").body
    assert (read["title"], read["status_task"]) == (long, "IN PROGRESS")
    written = olga.call("PUT", f"{TASKS}{task.uuid}/", read)
    assert (written.status, written.body) == (200, read)
    assert Task.objects.values().get() == before
    assert Event.objects.count() == events
    written = olga.call("PUT", f"{TASKS}{task.uuid}/", {**read, "description": "other"})
    assert written.body["description"] == "other"
    after = Task.objects.values().get()
    changed = {name for name, value in after.items() if value != before.get(name)}
    assert changed == {"description", "updated_at", "version"}


@pytest.mark.parametrize(
    "present, sent, then",
    [
        ("todo", "TO DO", "todo"),
        ("todo", "IN PROGRESS", "in_progress"),
        ("todo", "DONE", "done"),
        ("planned", "TO DO", "planned"),
        ("planned", "IN PROGRESS", "in_progress"),
        ("planned", "DONE", "done"),
        ("in_progress", "TO DO", "todo"),
        ("in_progress", "IN PROGRESS", "in_progress"),
        ("in_progress", "DONE", "done"),
        ("review", "TO DO", "todo"),
        ("review", "IN PROGRESS", "review"),
        ("review", "DONE", "done"),
        ("done", "TO DO", "todo"),
        ("done", "IN PROGRESS", "in_progress"),
        ("done", "DONE", "done"),
    ],
)
def test_what_a_word_means(cast: Cast, olga: TaskmasterCaller, present: str, sent: str, then: str) -> None:
    task = make_task(cast.owner, inbox_of(cast.owner), status=present)
    assert olga.call("PUT", f"{TASKS}{task.uuid}/", {"status_task": sent}).body["status_task"] == sent
    task.refresh_from_db()
    assert task.status == then


def test_events_say_which_way_it_came(cast: Cast, olga: TaskmasterCaller) -> None:
    task = olga.call("POST", TASKS, {"title": "Water", "description": ""}).body
    olga.call("PUT", f"{TASKS}{task['id']}/", {"status_task": "DONE"})
    olga.call("DELETE", f"{TASKS}{task['id']}/")
    events = Event.objects.filter(task__isnull=False).order_by("pk").values_list("verb", "surface", "actor")
    assert list(events) == [
        (verb, "taskmaster", cast.owner.pk) for verb in ("task.created", "task.status_changed", "task.trashed")
    ]


def test_what_somebody_else_changes_meanwhile_is_kept(
    cast: Cast, olga: TaskmasterCaller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The status that is shown goes on to `review` between our look and our write: still it is what is shown."""
    task = make_task(cast.owner, inbox_of(cast.owner), status="in_progress")
    look = get_inbox_task
    looks: list[object] = []

    def look_while_it_changes(*given: Any) -> Any:
        found = look(*given)
        looks.append(found)
        if len(looks) == 1:
            change_status(actor_of(cast.owner), task.pk, "review")
        return found

    monkeypatch.setattr(views, "get_inbox_task", look_while_it_changes)
    answer = olga.call("PUT", f"{TASKS}{task.uuid}/", {"title": "Soil", "status_task": "IN PROGRESS"})
    assert (answer.status, len(looks)) == (200, 2)
    task.refresh_from_db()
    assert (task.title, task.status) == ("Soil", "review")


def test_the_last_writer_wins_when_somebody_writes_all_the_time(
    cast: Cast, olga: TaskmasterCaller, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = make_task(cast.owner, inbox_of(cast.owner), status="todo")
    look = get_inbox_task

    def look_while_it_changes(*given: Any) -> Any:
        found = look(*given)
        change_status(actor_of(cast.owner), task.pk, "planned" if found.status == "todo" else "todo")
        return found

    monkeypatch.setattr(views, "get_inbox_task", look_while_it_changes)
    answer = olga.call("PUT", f"{TASKS}{task.uuid}/", {"title": "Soil"})
    assert (answer.status, answer.body["title"]) == (200, "Soil")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_what_is_not_in_ones_own_inbox_does_not_exist(cast: Cast, olga: TaskmasterCaller, method: str) -> None:
    shared = make_task(cast.owner, cast.project)
    foreign = make_task(cast.editor, inbox_of(cast.editor))
    before = list(Task.objects.order_by("pk").values())
    for task in (shared, foreign):
        answer = olga.call(method, f"{TASKS}{task.uuid}/", {"title": "Mine"} if method == "PUT" else None)
        assert (answer.status, answer.body) == (404, {"detail": "Task not found"})
    assert list(Task.objects.order_by("pk").values()) == before


def test_who_has_no_inbox_gets_one(db: None) -> None:
    root = User.objects.create_superuser("root", None, PASSWORD)
    caller = TaskmasterCaller(root)
    assert caller.call("GET", TASKS).body["count"] == 0
    assert caller.call("POST", TASKS, {"title": "Water", "description": ""}).status == 201
    assert caller.call("GET", TASKS).body["count"] == 1
    assert Project.objects.get(owner=root).is_inbox


@override_settings(BATON_TASKMASTER_TIME_ZONE="UTC")
def test_times_in_another_zone(olga: TaskmasterCaller) -> None:
    assert olga.call("POST", TASKS, {"title": "Water", "description": ""}).body["date_created"].endswith("Z")


@override_settings(BATON_DIALECTS=("tasktable",))
def test_switched_off_it_is_not_there(olga: TaskmasterCaller) -> None:
    """Its own hosts don't know it either; the routes below the prefix are made at the start."""
    with override_settings(BATON_DIALECT_HOSTS={"testserver": "taskmaster"}):
        assert olga._client.get("/api/v1/tasks/").status_code == 404


@pytest.mark.parametrize("size", [1, 10])
def test_reading_is_one_query(cast: Cast, olga: TaskmasterCaller, size: int) -> None:
    tasks = [make_task(cast.owner, inbox_of(cast.owner)) for _ in range(size)]
    for path in (TASKS, f"{TASKS}{tasks[0].uuid}/"):
        olga.call("GET", path)
        with CaptureQueriesContext(connection) as queries:
            assert olga.call("GET", path).status == 200
        assert len(queries) == 1
