"""Tasks over HTTP: replacing and patching."""

from __future__ import annotations

import pytest

from baton.core.models import Task
from tests.caller import Caller
from tests.cast import Cast
from tests.traces import nothing_changes


def test_patch_touches_only_what_was_sent(cast: Cast, full: Task, editor: Caller) -> None:
    before = editor.get(f"/api/tasks/{full.pk}/").body
    answer = editor.patch(f"/api/tasks/{full.pk}/", {"title": "Water the ferns"})
    assert answer.status == 200
    assert answer.body == before | {
        "title": "Water the ferns",
        "updated_at": answer.body["updated_at"],
        "version": before["version"] + 1,
    }


@pytest.mark.parametrize(
    "field, cleared",
    [("due_date", None), ("parent", None), ("description", ""), ("labels", [])],
)
def test_null_clears(cast: Cast, full: Task, editor: Caller, field: str, cleared: object) -> None:
    before = editor.get(f"/api/tasks/{full.pk}/").body
    assert before[field] != cleared
    answer = editor.patch(f"/api/tasks/{full.pk}/", {field: None})
    assert answer.status == 200
    assert answer.body == before | {field: cleared, "updated_at": answer.body["updated_at"], "version": 2}


@pytest.mark.parametrize("field", ["assigned_to", "assignees"])
def test_null_takes_everybody_off(cast: Cast, full: Task, editor: Caller, field: str) -> None:
    answer = editor.patch(f"/api/tasks/{full.pk}/", {field: None})
    assert (answer.body["assigned_to"], answer.body["assignees"]) == (None, [])


@pytest.mark.parametrize("field", ["title", "status", "priority", "project"])
def test_what_a_task_must_have_cannot_be_cleared(cast: Cast, full: Task, editor: Caller, field: str) -> None:
    with nothing_changes():
        answer = editor.patch(f"/api/tasks/{full.pk}/", {field: None})
    assert (answer.status, answer.pointers) == (400, [f"/{field}"])


def test_put_gives_what_is_left_out_its_default(cast: Cast, full: Task, editor: Caller) -> None:
    answer = editor.put(f"/api/tasks/{full.pk}/", {"project": cast.project.pk, "title": "Bare"})
    assert answer.status == 200
    task = answer.body
    assert task["title"] == "Bare"
    defaults: dict[str, object] = {
        "description": "",
        "status": "todo",
        "priority": "medium",
        "assigned_to": None,
        "assignees": [],
        "parent": None,
        "labels": [],
        "due_date": None,
    }
    assert {field: task[field] for field in defaults} == defaults
    assert task["version"] == 2


def test_put_needs_what_a_task_must_have(cast: Cast, full: Task, editor: Caller) -> None:
    with nothing_changes():
        answer = editor.put(f"/api/tasks/{full.pk}/", {"description": "No title."})
    assert (answer.status, answer.pointers) == (400, ["/project", "/title"])


def test_putting_back_what_was_read_changes_nothing(cast: Cast, full: Task, editor: Caller) -> None:
    read = editor.get(f"/api/tasks/{full.pk}/")
    with nothing_changes():
        answer = editor.put(f"/api/tasks/{full.pk}/", read.body)
    assert (answer.status, answer.body, answer.tag) == (200, read.body, read.tag)


@pytest.mark.parametrize(
    "field, new",
    [
        ("title", "Water the ferns"),
        ("description", "Once a week."),
        ("status", "review"),
        ("priority", "low"),
        ("labels", ["weekly"]),
        ("due_date", "2027-01-01T00:00:00Z"),
        ("due_date", None),
        ("parent", None),
    ],
)
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_read_modify_write(cast: Cast, full: Task, editor: Caller, method: str, field: str, new: object) -> None:
    read = editor.get(f"/api/tasks/{full.pk}/").body
    answer = editor.call(method, f"/api/tasks/{full.pk}/", read | {field: new})
    assert answer.status == 200
    assert answer.body == read | {field: new, "updated_at": answer.body["updated_at"], "version": 2}


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_read_modify_write_of_the_lead(cast: Cast, full: Task, editor: Caller, method: str) -> None:
    read = editor.get(f"/api/tasks/{full.pk}/").body
    answer = editor.call(method, f"/api/tasks/{full.pk}/", read | {"assigned_to": cast.owner.pk})
    assert [person["username"] for person in answer.body["assignees"]] == ["olga", "vera"]
    assert answer.body["assigned_to"]["username"] == "olga"

    read = answer.body
    answer = editor.call(method, f"/api/tasks/{full.pk}/", read | {"assigned_to": None})
    assert (answer.body["assigned_to"], answer.body["assignees"]) == (None, [])


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_read_modify_write_of_the_assignees(cast: Cast, full: Task, editor: Caller, method: str) -> None:
    read = editor.get(f"/api/tasks/{full.pk}/").body
    turned = list(reversed(read["assignees"]))
    answer = editor.call(method, f"/api/tasks/{full.pk}/", read | {"assignees": turned})
    assert (answer.body["assigned_to"], answer.body["assignees"]) == (turned[0], turned)


def test_lead_and_assignees_that_disagree_are_refused(cast: Cast, full: Task, editor: Caller) -> None:
    with nothing_changes():
        answer = editor.patch(f"/api/tasks/{full.pk}/", {"assigned_to": cast.owner.pk, "assignees": [cast.viewer.pk]})
        created = editor.post(
            "/api/tasks/",
            {
                "project": cast.project.pk,
                "title": "Torn",
                "assigned_to": cast.owner.pk,
                "assignees": [cast.viewer.pk],
            },
        )
    assert (answer.status, answer.pointers) == (400, ["/assigned_to"])
    assert (created.status, created.pointers) == (400, ["/assigned_to"])


@pytest.mark.parametrize("person", [{}, {"id": None}, {"id": True}, {"id": "x"}, {"username": "vera"}, [5], 0, 10**30])
def test_a_person_who_is_none(cast: Cast, full: Task, editor: Caller, person: object) -> None:
    with nothing_changes():
        one = editor.patch(f"/api/tasks/{full.pk}/", {"assigned_to": person})
        several = editor.patch(f"/api/tasks/{full.pk}/", {"assignees": [cast.owner.pk, person]})
    assert (one.status, one.pointers) == (400, ["/assigned_to"])
    assert (several.status, several.pointers) == (400, ["/assignees/1"])


def test_what_nobody_may_write_is_passed_over(cast: Cast, full: Task, editor: Caller) -> None:
    with nothing_changes():
        answer = editor.patch(
            f"/api/tasks/{full.pk}/",
            {
                "id": 1,
                "key": "X-1",
                "created_by": cast.outsider.pk,
                "version": 9,
                "comments_count": 7,
                "delegated": True,
            },
        )
    assert answer.status == 200


@pytest.mark.parametrize("field", ["lead", "lead_id", "project_id", "rank", "trashed_at", "number", "owner"])
def test_names_that_the_task_does_not_have(cast: Cast, full: Task, editor: Caller, field: str) -> None:
    with nothing_changes():
        answer = editor.patch(f"/api/tasks/{full.pk}/", {field: 1})
    assert (answer.status, answer.pointers) == (400, [f"/{field}"])


def test_a_refused_patch_changes_none_of_its_fields(cast: Cast, full: Task, editor: Caller) -> None:
    with nothing_changes():
        answer = editor.patch(f"/api/tasks/{full.pk}/", {"title": "New", "assigned_to": cast.outsider.pk})
    assert (answer.status, answer.pointers) == (400, ["/assigned_to"])
