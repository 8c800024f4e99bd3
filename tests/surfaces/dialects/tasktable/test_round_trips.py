"""What API TaskTable can't show of a task survives a client that reads it and writes it back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from baton.core.actor import Actor
from baton.core.commands.dialect_tokens import issue_dialect_token
from baton.core.commands.tasks import edit_task
from baton.core.models import Event, Project, Task
from baton.surfaces.dialects.tasktable.project import tasks_project
from tests.cast import Cast
from tests.factories import NOBODY, actor_of, make_task
from tests.traces import nothing_changes

DUE = datetime(2099, 6, 1, 15, 30, tzinfo=UTC)
KEPT = ("title", "description", "status", "due_at", "lead_id", "version")


@pytest.fixture
def task(cast: Cast) -> Task:
    """Return a task in review with a time of day, no words, a name with spaces around it and three assignees."""
    project = Project.objects.get(pk=tasks_project(Actor(None, surface="tasktable")))
    people = [cast.editor.pk, cast.viewer.pk, cast.newcomer.pk]
    name = " " + "x" * 198 + " "
    return make_task(cast.owner, project, name, description="", status="review", due_at=DUE, assignees=people)


@pytest.fixture
def client(cast: Cast) -> Client:
    token = issue_dialect_token(NOBODY, cast.owner, "tasktable")
    return Client(headers={"authorization": f"Token {token}"})


def path(task: Task) -> str:
    return f"/tasktable/api/tasks/{task.pk}/"


def flat(shown: dict[str, Any]) -> dict[str, Any]:
    """Return what a client sends that has read the task and knows how it is written."""
    names = ("name", "specification", "due_date", "status")
    return {**{name: shown[name] for name in names}, "performer": shown["performer"]["id"]}


def test_put_of_what_was_read_changes_nothing(client: Client, task: Task) -> None:
    shown = client.get(path(task)).json()
    with nothing_changes():
        for body in (flat(shown), {**flat(shown), "performers": shown["performers"]}, shown):
            answer = client.put(path(task), body, "application/json")
            assert answer.status_code == 200, answer.content
            assert answer.json()["performers"] == [person["id"] for person in shown["performers"]]


def test_a_form_of_what_was_read_changes_nothing(client: Client, task: Task) -> None:
    shown = client.get(path(task)).json()
    with nothing_changes():
        answer = client.put(path(task), urlencode(flat(shown)), "application/x-www-form-urlencoded")
        assert answer.status_code == 200, answer.content


def test_taskupdate_of_what_was_read_changes_nothing(client: Client, task: Task) -> None:
    shown = client.get(path(task)).json()
    body = {**flat(shown), "task_id": task.pk, "performer": shown["performer"]["username"]}
    with nothing_changes():
        answer = client.put("/tasktable/api/taskupdate/", body, "application/json")
        assert answer.status_code == 200, answer.content


def test_a_change_of_one_thing_keeps_the_rest(client: Client, task: Task, cast: Cast) -> None:
    shown = client.get(path(task)).json()
    client.put(path(task), {**flat(shown), "specification": "Now there are words."}, "application/json")

    after = Task.objects.get(pk=task.pk)
    assert after.description == "Now there are words."
    assert [getattr(after, name) for name in KEPT if name not in ("description", "version")] == [
        getattr(task, name) for name in KEPT if name not in ("description", "version")
    ]
    assert after.assignments.count() == 3
    event = Event.objects.order_by("id").last()
    assert event is not None
    assert (event.verb, event.surface, event.actor_id) == ("task.edited", "tasktable", cast.owner.pk)


def test_another_lead_keeps_the_other_assignees(client: Client, task: Task, cast: Cast) -> None:
    client.patch(path(task), {"performer": cast.outsider.pk}, "application/json")

    people = Task.objects.get(pk=task.pk).assignments.order_by("position").values_list("user", flat=True)
    assert list(people) == [cast.outsider.pk, cast.viewer.pk, cast.newcomer.pk]


def test_a_lead_who_is_gone_can_be_sent_back(client: Client, task: Task, cast: Cast) -> None:
    shown = client.get(path(task)).json()
    cast.editor.is_active = False
    cast.editor.save()
    with nothing_changes():
        assert client.put(path(task), flat(shown), "application/json").status_code == 200


def test_planned_reads_as_new_and_stays(client: Client, task: Task, cast: Cast) -> None:
    edit_task(actor_of(cast.owner), task.pk, {"status": "planned"})
    assert client.get(path(task)).json()["status"] == "n"
    with nothing_changes():
        client.patch(path(task), {"status": "n"}, "application/json")
    client.patch(path(task), {"status": "w"}, "application/json")
    assert Task.objects.get(pk=task.pk).status == "in_progress"
