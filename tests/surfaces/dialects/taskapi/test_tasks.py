"""What this dialect can't express survives it, and what it shows follows the projection."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import override_settings

from baton.core.commands.account_upkeep import ensure_inbox
from baton.core.commands.tasks import edit_task
from baton.core.models import Event, Task, User
from baton.core.queries.tasks import get_task
from tests.cast import Cast
from tests.factories import actor_of, make_task
from tests.surfaces.dialects.taskapi.client import FormClient
from tests.traces import last_event, nothing_changes, verbs_of

pytestmark = pytest.mark.django_db
COMPLETED = "сompleted"
LONG = "Water the plants of " + "everybody " * 16
DUE = datetime(2030, 4, 3, 17, 45, 12, tzinfo=UTC)


def own_task(user: User, title: str = "Water", **fields: Any) -> Task:
    fields = {"description": "All.", **fields}
    return make_task(user, ensure_inbox(actor_of(user), user.pk), title, **fields)


@pytest.mark.parametrize(
    "state,shown,found_by",
    [
        ("todo", "new", "new"),
        ("planned", "planned", "planned"),
        ("in_progress", "in_work", "in_work"),
        ("review", "in_work", "in_work"),
        ("done", COMPLETED, "completed"),
    ],
)
def test_every_state_is_shown_and_found(cast: Cast, state: str, shown: str, found_by: str) -> None:
    task = own_task(cast.owner, status=state)
    client = FormClient(cast.owner)

    said = {"id": task.pk, "name": "Water", "description": "All.", "status": shown}
    assert client.ask("GET", f"/task/{task.pk}") == (200, said)
    assert client.ask("GET", f"/task?status={found_by}") == (200, [said])


@pytest.mark.parametrize("state", ["todo", "planned", "in_progress", "review", "done"])
@pytest.mark.parametrize(
    "word,meant,shown",
    [
        ("new", "todo", "new"),
        ("planned", "planned", "planned"),
        ("in_work", "in_progress", "in_work"),
        (COMPLETED, "done", COMPLETED),
        ("completed", "done", COMPLETED),
    ],
)
def test_every_word_from_every_state(cast: Cast, state: str, word: str, meant: str, shown: str) -> None:
    task = own_task(cast.owner, status=state)

    said = FormClient(cast.owner).ask("PUT", f"/task/{task.pk}", status=word)[1]

    is_shown_so = {"review": "in_work"}.get(state) == word
    assert said["status"] == shown
    assert Task.objects.get(pk=task.pk).status == ("review" if is_shown_so else meant)


def test_reading_and_writing_back_loses_nothing(cast: Cast) -> None:
    # An inbox is its owner's alone, so they are the only one who can work on it.
    task = own_task(
        cast.owner, LONG, status="review", due_at=DUE, assignees=[cast.owner.pk], labels=["garden"], priority=3
    )
    client = FormClient(cast.owner)
    before = get_task(actor_of(cast.owner), task.pk)

    read = client.ask("GET", f"/task/{task.pk}")[1]
    assert read["completion_at"] == "03-04-2030"
    read.pop("id")
    status, said = client.ask("PUT", f"/task/{task.pk}", **read)

    assert (status, said) == (200, {"id": task.pk, **read})
    assert get_task(actor_of(cast.owner), task.pk) == before
    assert verbs_of(task) == ["task.created"]


def test_a_changed_part_leaves_the_rest(cast: Cast) -> None:
    task = own_task(cast.owner, LONG, status="review", due_at=DUE)
    client = FormClient(cast.owner)
    read = client.ask("GET", f"/task/{task.pk}")[1]

    client.ask("PUT", f"/task/{task.pk}", **{**read, "id": "", "description": "Less."})

    changed = Task.objects.get(pk=task.pk)
    assert (changed.title, changed.status, changed.due_at, changed.description) == (LONG, "review", DUE, "Less.")


def test_another_day_begins_at_its_midnight(cast: Cast) -> None:
    task = own_task(cast.owner, due_at=DUE)

    FormClient(cast.owner).ask("PUT", f"/task/{task.pk}", completion_at="04-04-2030")

    assert Task.objects.get(pk=task.pk).due_at == datetime(2030, 4, 4, tzinfo=UTC)


def test_a_time_of_day_is_still_on_its_day(cast: Cast) -> None:
    own_task(cast.owner, due_at=DUE)
    client = FormClient(cast.owner)

    assert len(client.ask("GET", "/task?completion_at=03-04-2030")[1]) == 1
    assert client.ask("GET", "/task?completion_at=02-04-2030") == (200, [])


def test_the_events_say_which_way_the_change_came(cast: Cast) -> None:
    client = FormClient(cast.owner)
    created = client.ask("POST", "/task", name="Water", description="x", status="new")[1]
    task = Task.objects.get(pk=created["id"])
    assert last_event(task).surface == "taskapi"
    client.ask("PUT", f"/task/{task.pk}", name="Plants")
    client.ask("DELETE", f"/task/{task.pk}")

    surfaces = Event.objects.filter(task=task).values_list("surface", flat=True)
    assert (verbs_of(task), set(surfaces)) == (["task.created", "task.edited", "task.trashed"], {"taskapi"})


def test_the_log_tells_what_other_surfaces_did(cast: Cast) -> None:
    task = own_task(cast.owner, due_at=DUE)
    owner = actor_of(cast.owner)
    edit_task(owner, task.pk, {"status": "in_progress", "priority": 3, "labels": ["garden"]})
    edit_task(owner, task.pk, {"status": "review", "due_at": DUE.replace(hour=1)})
    edit_task(owner, task.pk, {"due_at": None, "description": "Все", "status": "done"})

    _, log = FormClient(cast.owner).ask("GET", f"/task/{task.pk}/log")

    # What is called the same before and after is no change here: review is in_work, and the day has stayed.
    assert [entry["log"] for entry in log] == [
        "Значение поля status изменено на in_work",
        "Значение поля description изменено на Все",
        f"Значение поля status изменено на {COMPLETED}",
        "Значение поля completion_at изменено на None",
    ]


def test_a_long_history_is_told_to_its_end(cast: Cast) -> None:
    task = own_task(cast.owner)
    for number in range(205):
        edit_task(actor_of(cast.owner), task.pk, {"title": f"Water {number}"})

    _, log = FormClient(cast.owner).ask("GET", f"/task/{task.pk}/log")

    assert [entry["log"].rpartition(" ")[2] for entry in log] == [str(number) for number in range(205)]
    assert [entry["date"] for entry in log] == sorted(entry["date"] for entry in log)


def test_a_task_of_a_project_is_not_there(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    client = FormClient(cast.owner)

    with nothing_changes():
        assert client.ask("GET", f"/task/{task.pk}") == (200, {"error": "task not found"})
        assert client.ask("PUT", f"/task/{task.pk}", name="x") == (400, {"error": "task not found"})
        assert client.ask("DELETE", f"/task/{task.pk}") == (400, {"error": "task not found"})
        assert client.ask("GET", f"/task/{task.pk}/log") == (200, {"error": "task not found"})


@pytest.mark.parametrize("form", [{"name": "x", "status": "open"}, {"name": "x", "completion_at": "1"}])
def test_a_bad_part_changes_nothing(cast: Cast, form: dict[str, str]) -> None:
    task = own_task(cast.owner)

    with nothing_changes():
        assert FormClient(cast.owner).ask("PUT", f"/task/{task.pk}", **form)[0] == 400


def test_it_stands_at_the_root_of_its_host(cast: Cast) -> None:
    task = own_task(cast.owner)
    with override_settings(BATON_DIALECT_HOSTS={"tasks.example.com": "taskapi"}, ALLOWED_HOSTS=["*"]):
        client = FormClient(cast.owner, SERVER_NAME="tasks.example.com")

        assert client.ask("GET", f"/task/{task.pk}", prefix="")[1]["id"] == task.pk
        assert client.ask("GET", "/nothing", prefix="") == (404, "404: Not Found")
        assert client.ask("PATCH", "/task", prefix="") == (405, "405: Method Not Allowed")
