"""Tasks over HTTP: creating, reading, putting them where they belong, trashing."""

from __future__ import annotations

from typing import Any

import pytest

from baton.core.models import Role, Task
from tests.caller import Answer, Caller
from tests.cast import Cast
from tests.factories import make_project, make_task
from tests.traces import last_event, nothing_changes

KEYS = [
    "id",
    "uuid",
    "key",
    "project",
    "title",
    "description",
    "status",
    "priority",
    "assigned_to",
    "assignees",
    "delegated",
    "parent",
    "labels",
    "due_date",
    "created_by",
    "created_at",
    "updated_at",
    "completed_at",
    "comments_count",
    "attachments_count",
    "version",
]


def test_a_new_task_has_the_fixed_shape(cast: Cast, editor: Caller) -> None:
    answer = editor.post(
        "/api/tasks/",
        {
            "project": cast.project.pk,
            "title": "Water the plants",
            "assigned_to": cast.viewer.pk,
            "labels": ["garden"],
            "due_date": "2026-12-01T12:00:00+02:00",
        },
    )
    assert answer.status == 201
    task = answer.body
    assert list(task) == KEYS
    assert answer.headers["Location"] == f"/api/tasks/{task['id']}/"
    assert answer.tag.startswith('"1')
    assert task["key"] == f"{cast.project.key}-1"
    assert task["project"] == cast.project.pk
    assert (task["status"], task["priority"]) == ("todo", "medium")
    assert task["assigned_to"] == {"id": cast.viewer.pk, "username": "vera", "name": "", "avatar": None}
    assert task["assignees"] == [task["assigned_to"]]
    assert task["created_by"]["id"] == cast.editor.pk
    assert task["due_date"] == "2026-12-01T10:00:00Z"
    assert task["labels"] == ["garden"]
    assert (task["description"], task["parent"], task["completed_at"], task["delegated"]) == ("", None, None, False)
    assert editor.get(answer.headers["Location"]).body == task


def test_all_that_is_wrong_is_named_at_once(cast: Cast, editor: Caller) -> None:
    with nothing_changes():
        answer = editor.post(
            "/api/tasks/",
            {
                "title": "",
                "status": "perhaps",
                "priority": 3,
                "due_date": "0000-01-01T00:00:00Z",
                "labels": "garden",
                "assigned_to": "edgar",
                "colour": "red",
            },
        )
    assert answer.status == 400
    assert set(answer.pointers) == {
        "/project",
        "/title",
        "/status",
        "/priority",
        "/due_date",
        "/labels",
        "/assigned_to",
        "/colour",
    }


def test_what_only_the_core_can_tell_is_named_at_once_too(cast: Cast, editor: Caller) -> None:
    elsewhere = make_task(cast.editor, make_project(cast.editor, "Elsewhere"))
    with nothing_changes():
        answer = editor.post(
            "/api/tasks/",
            {
                "project": cast.project.pk,
                "title": "Two\nlines",
                "assigned_to": cast.outsider.pk,
                "parent": elsewhere.pk,
                "labels": ["ok", "x" * 51],
                "due_date": "1700-01-01T00:00:00Z",
            },
        )
    assert answer.status == 400
    assert answer.pointers == ["/title", "/labels/1", "/due_date", "/assigned_to", "/parent"]


@pytest.mark.parametrize(
    "due",
    ["0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-02-30", "tomorrow", 5, True, {}],
)
def test_a_due_date_that_is_none(cast: Cast, full: Task, editor: Caller, due: object) -> None:
    with nothing_changes():
        answer = editor.patch(f"/api/tasks/{full.pk}/", {"due_date": due})
    assert (answer.status, answer.pointers) == (400, ["/due_date"])


def test_delete_puts_it_out_of_sight(cast: Cast, full: Task, editor: Caller) -> None:
    path = f"/api/tasks/{full.pk}/"
    assert editor.delete(path).status == 204
    assert editor.get(path).status == 404
    assert editor.delete(path).status == 404
    assert [task["id"] for task in editor.get("/api/tasks/").body["results"]] == [full.parent_id]
    assert last_event(full).verb == "task.trashed"


def test_a_task_whose_parent_is_in_the_trash_can_still_be_saved(cast: Cast, full: Task, editor: Caller) -> None:
    assert editor.delete(f"/api/tasks/{full.parent_id}/").status == 204
    read = editor.get(f"/api/tasks/{full.pk}/").body
    assert editor.put(f"/api/tasks/{full.pk}/", read | {"title": "Orphan"}).status == 200


def test_labels_are_the_same_in_any_case(cast: Cast, full: Task, editor: Caller) -> None:
    path = f"/api/tasks/{full.pk}/"
    with nothing_changes():
        assert editor.patch(path, {"labels": ["GARDEN", "daily", "Garden"]}).body["labels"] == ["Daily", "garden"]
    other = editor.post("/api/tasks/", {"project": cast.project.pk, "title": "B", "labels": ["GARDEN", "ёлка", "ЁЛКА"]})
    assert other.body["labels"] == ["garden", "ёлка"]
    assert [task["id"] for task in editor.get("/api/tasks/?label=ЁЛКА").body["results"]] == [other.body["id"]]


def test_cycles_of_parents(cast: Cast, editor: Caller) -> None:
    whole = make_task(cast.owner, cast.project, "Whole")
    part = make_task(cast.owner, cast.project, "Part", parent_id=whole.pk)
    grain = make_task(cast.owner, cast.project, "Grain", parent_id=part.pk)
    with nothing_changes():
        for below in (whole, part, grain):
            answer = editor.patch(f"/api/tasks/{whole.pk}/", {"parent": below.pk})
            assert (answer.status, answer.body["errors"][0]["code"]) == (400, "cycle")
    assert editor.patch(f"/api/tasks/{grain.pk}/", {"parent": whole.pk}).status == 200


def test_a_parent_of_another_project(cast: Cast, full: Task, editor: Caller) -> None:
    own = make_task(cast.editor, make_project(cast.editor, "Elsewhere"))
    with nothing_changes():
        answer = editor.patch(f"/api/tasks/{full.pk}/", {"parent": own.pk})
    assert (answer.status, answer.body["errors"][0]["code"]) == (400, "other_project")


def test_another_project_takes_the_task_there(cast: Cast, full: Task, editor: Caller) -> None:
    own = make_project(cast.editor, "Elsewhere")
    answer = editor.patch(f"/api/tasks/{full.pk}/", {"project": own.pk}, if_match=f'"{full.version + 7}"')
    assert answer.status == 412
    answer = editor.patch(f"/api/tasks/{full.pk}/", {"project": own.pk})
    assert (answer.status, answer.body["project"], answer.body["key"]) == (200, own.pk, f"{own.key}-1")
    assert editor.put(f"/api/tasks/{full.pk}/", answer.body).tag == answer.tag


def test_nobody_who_does_not_see_it_can_be_put_on_it(cast: Cast, full: Task, editor: Caller) -> None:
    def refusals(user_id: int) -> list[Any]:
        answers = [
            editor.patch(f"/api/tasks/{full.pk}/", {"assigned_to": user_id}),
            editor.patch(f"/api/tasks/{full.pk}/assign/", {"user_id": user_id}),
            editor.patch(f"/api/tasks/{full.pk}/assign/", {"assignees": [cast.owner.pk, user_id]}),
            editor.post("/api/tasks/", {"project": cast.project.pk, "title": "New", "assigned_to": user_id}),
            editor.post(f"/api/tasks/{full.pk}/delegations/", {"to": user_id}),
        ]
        assert [answer.status for answer in answers] == [400] * 5
        return [_without_ids(answer.body["errors"], user_id) for answer in answers]

    missing = 10**9
    with nothing_changes():
        assert refusals(cast.outsider.pk) == refusals(missing)


def test_assigning(cast: Cast, full: Task, editor: Caller) -> None:
    path = f"/api/tasks/{full.pk}/assign/"

    def names(answer: Answer) -> list[str]:
        return [person["username"] for person in answer.body["assignees"]]

    assert names(editor.patch(path, {"assigned_to": cast.owner.pk})) == ["olga", "vera"]
    assert names(editor.patch(path, {"user_id": {"id": cast.viewer.pk}})) == ["vera"]
    assert names(editor.patch(path, {"assignees": [cast.editor.pk, cast.owner.pk, cast.editor.pk]})) == [
        "edgar",
        "olga",
    ]
    assert names(editor.patch(path, {"assignees": None})) == []
    with nothing_changes():
        nobody = editor.patch(path, {})
        both = editor.patch(path, {"assigned_to": cast.owner.pk, "user_id": cast.viewer.pk})
    assert (nobody.status, nobody.pointers) == (400, ["/assigned_to"])
    assert (both.status, both.pointers) == (400, ["/user_id"])


def test_moving_along(cast: Cast, full: Task, editor: Caller) -> None:
    path = f"/api/tasks/{full.pk}/status/"
    done = editor.patch(path, {"status": "done"})
    assert (done.body["status"], done.body["completed_at"]) == ("done", done.body["updated_at"])
    reopened = editor.patch(path, {"status": "review"})
    assert (reopened.body["status"], reopened.body["completed_at"]) == ("review", None)
    for body, pointer in (({}, "/status"), ({"status": "perhaps"}, "/status"), ({"status": None}, "/status")):
        with nothing_changes():
            answer = editor.patch(path, body)
        assert (answer.status, answer.pointers) == (400, [pointer])


def test_a_viewer_made_editor_may_write_at_once(cast: Cast, full: Task) -> None:
    viewer = Caller(cast.viewer)
    assert viewer.patch(f"/api/tasks/{full.pk}/", {"title": "New"}).status == 403
    cast.project.members.filter(user=cast.viewer).update(role=Role.EDITOR)
    assert viewer.patch(f"/api/tasks/{full.pk}/", {"title": "New"}).status == 200


def _without_ids(errors: list[dict[str, str]], user_id: int) -> list[dict[str, str]]:
    return [{name: value.replace(str(user_id), "N") for name, value in error.items()} for error in errors]
