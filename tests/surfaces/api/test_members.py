from __future__ import annotations

from typing import Any

import pytest

from baton.core.models import Event, Member, Project, User
from tests.cast import Cast
from tests.factories import make_project, make_task, make_user
from tests.surfaces.api.caller import Caller, pointers

pytestmark = pytest.mark.django_db


def members(project: Project) -> str:
    return f"projects/{project.pk}/members/"


@pytest.mark.parametrize("route", ["members/", "add_member/"])
@pytest.mark.parametrize("handle", ["user_id", "username", "email"])
def test_adds_somebody_by_any_handle(cast: Cast, route: str, handle: str) -> None:
    value = {"user_id": cast.outsider.pk, "username": "OTTO", "email": "Otto@Example.org"}[handle]
    answer = Caller(cast.owner).post(f"projects/{cast.project.pk}/{route}", {handle: value})
    assert (answer.status_code, answer.json()) == (200, {"status": "member added"})
    assert Member.objects.get(project=cast.project, user=cast.outsider).role == "editor"
    assert Caller(cast.outsider).get(f"projects/{cast.project.pk}/").status_code == 200
    event = Event.objects.get(verb="member.added")
    assert (event.actor_id, event.data, event.changes) == (
        cast.owner.pk,
        {"user": cast.outsider.pk},
        {"role": [None, "editor"]},
    )


def test_adds_somebody_in_a_role(cast: Cast) -> None:
    Caller(cast.owner).post(members(cast.project), {"user_id": cast.outsider.pk, "role": "viewer"})
    assert Member.objects.get(project=cast.project, user=cast.outsider).role == "viewer"


def test_adding_a_member_again_keeps_or_gives_the_role(cast: Cast) -> None:
    caller = Caller(cast.owner)
    for body, role in (({}, "viewer"), ({"role": "editor"}, "editor"), ({}, "editor")):
        answer = caller.post(members(cast.project), {"username": "vera", **body})
        assert (answer.status_code, answer.json()) == (200, {"status": "member added"})
        assert Member.objects.get(project=cast.project, user=cast.viewer).role == role
    assert list(Event.objects.filter(verb__startswith="member.").values_list("verb", flat=True)) == [
        "member.role_changed"
    ]


@pytest.mark.parametrize(
    "body, pointer",
    [({"user_id": 10**15}, "/user_id"), ({"username": "nobody"}, "/username"), ({"email": "no@example.org"}, "/email")],
)
def test_somebody_who_is_not_there_is_named(cast: Cast, body: dict[str, Any], pointer: str) -> None:
    answer = Caller(cast.owner).post(members(cast.project), body)
    assert answer.status_code == 404
    assert answer.json()["error"] == "User not found"
    assert pointers(answer) == {pointer: "not_found"}


def test_somebody_deactivated_is_not_there(cast: Cast) -> None:
    User.objects.filter(pk=cast.outsider.pk).update(is_active=False)
    assert Caller(cast.owner).post(members(cast.project), {"username": "otto"}).status_code == 404


@pytest.mark.parametrize("who", ["editor", "viewer", "outsider"])
def test_who_may_not_add_learns_nothing_of_who_has_an_account(cast: Cast, who: str) -> None:
    caller = Caller(getattr(cast, who))
    answers = [caller.post(members(cast.project), {"email": email}) for email in ("otto@example.org", "no@example.org")]
    bodies = [{**answer.json(), "request_id": None} for answer in answers]
    assert bodies[0] == bodies[1]
    assert "error" not in bodies[0]


@pytest.mark.parametrize(
    "body, expected",
    [
        ({}, {"/user_id": "required"}),
        ({"role": "king"}, {"/user_id": "required", "/role": "invalid_choice"}),
        ({"user_id": 1, "username": "otto"}, {"/username": "ambiguous"}),
        ({"user_id": 0}, {"/user_id": "min_value"}),
        ({"user_id": 10**20}, {"/user_id": "max_value"}),
        ({"user_id": "x"}, {"/user_id": "invalid"}),
        ({"user_id": True}, {"/user_id": "invalid"}),
        ({"user_id": None}, {"/user_id": "null"}),
        ({"email": ["a"]}, {"/email": "invalid"}),
        ({"username": "otto", "role": None}, {"/role": "null"}),
        ({"username": "otto", "is_staff": True}, {"/is_staff": "unknown_field"}),
    ],
)
def test_bad_input_adds_nobody(cast: Cast, body: dict[str, Any], expected: dict[str, str]) -> None:
    answer = Caller(cast.owner).post(members(cast.project), body)
    assert answer.status_code == 400
    assert pointers(answer) == expected
    assert cast.project.members.count() == 4


def test_lists_in_the_order_of_joining_by_page(cast: Cast) -> None:
    caller = Caller(cast.viewer)
    body = caller.get(f"{members(cast.project)}?page_size=3&count=true").json()
    assert [row["username"] for row in body["results"]] == ["olga", "edgar", "vera"]
    assert body["results"][2] == {
        "id": cast.viewer.pk,
        "username": "vera",
        "name": "",
        "avatar": None,
        "role": "viewer",
    }
    assert body["count"] == 4
    rest = caller.get(body["next"]).json()
    assert [row["username"] for row in rest["results"]] == ["nina"]
    assert rest["next"] is None
    assert len(caller.get(rest["previous"]).json()["results"]) == 3
    assert pointers(caller.get(f"{members(cast.project)}?role=owner")) == {"?role": "unknown_parameter"}


def test_shows_one(cast: Cast) -> None:
    caller = Caller(cast.viewer)
    assert caller.get(f"{members(cast.project)}{cast.owner.pk}/").json()["role"] == "owner"
    assert caller.get(f"{members(cast.project)}{cast.outsider.pk}/").status_code == 404


def test_changes_a_role(cast: Cast) -> None:
    caller = Caller(cast.owner)
    answer = caller.patch(f"{members(cast.project)}{cast.viewer.pk}/", {"role": "editor"})
    assert answer.status_code == 200
    assert answer.json() == {"id": cast.viewer.pk, "username": "vera", "name": "", "avatar": None, "role": "editor"}
    assert Caller(cast.viewer).post("tasks/", {"project": cast.project.pk, "title": "Now"}).status_code == 201


@pytest.mark.parametrize("body", [{}, {"role": "king"}, {"role": None}, {"role": "editor", "user": 1}])
def test_a_bad_role_changes_nothing(cast: Cast, body: dict[str, Any]) -> None:
    answer = Caller(cast.owner).patch(f"{members(cast.project)}{cast.viewer.pk}/", body)
    assert answer.status_code == 400
    assert Member.objects.get(project=cast.project, user=cast.viewer).role == "viewer"


def test_a_role_is_for_members_only(cast: Cast) -> None:
    route = f"{members(cast.project)}{cast.outsider.pk}/"
    assert Caller(cast.owner).patch(route, {"role": "viewer"}).status_code == 404
    assert Caller(cast.owner).delete(route).status_code == 404


def test_a_lost_role_counts_from_the_next_request(cast: Cast) -> None:
    editor = Caller(cast.editor)
    assert editor.post("tasks/", {"project": cast.project.pk, "title": "One"}).status_code == 201
    Caller(cast.owner).patch(f"{members(cast.project)}{cast.editor.pk}/", {"role": "viewer"})
    assert editor.post("tasks/", {"project": cast.project.pk, "title": "Two"}).status_code == 403
    Caller(cast.owner).delete(f"{members(cast.project)}{cast.editor.pk}/")
    assert editor.post("tasks/", {"project": cast.project.pk, "title": "Three"}).status_code == 404
    assert cast.project.pk not in [row["id"] for row in editor.get("projects/").json()["results"]]


def test_the_last_owner_stays(cast: Cast) -> None:
    caller = Caller(cast.owner)
    route = f"{members(cast.project)}{cast.owner.pk}/"
    for answer in (caller.delete(route), caller.patch(route, {"role": "editor"})):
        assert (answer.status_code, answer.json()["code"]) == (409, "last_owner")
    assert caller.post(members(cast.project), {"user_id": cast.owner.pk, "role": "viewer"}).status_code == 409
    assert Member.objects.get(project=cast.project, user=cast.owner).role == "owner"
    caller.patch(f"{members(cast.project)}{cast.editor.pk}/", {"role": "owner"})
    assert caller.delete(route).status_code == 204
    assert Caller(cast.editor).get(f"projects/{cast.project.pk}/").json()["owner"]["username"] == "edgar"


def test_one_projects_owner_is_nobody_in_another(cast: Cast) -> None:
    make_project(cast.outsider)
    caller = Caller(cast.outsider)
    mine = f"{members(cast.project)}{cast.viewer.pk}/"
    assert caller.patch(mine, {"role": "owner"}).status_code == 404
    assert caller.delete(mine).status_code == 404
    assert caller.post(members(cast.project), {"user_id": cast.outsider.pk, "role": "owner"}).status_code == 404
    assert cast.project.members.count() == 4


def test_who_leaves_works_on_nothing_there_any_more(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project, assignees=[cast.editor.pk, cast.viewer.pk])
    other = make_task(cast.owner, cast.project, assigned_to=cast.viewer.pk)
    assert Caller(cast.editor).delete(f"{members(cast.project)}{cast.editor.pk}/").status_code == 204
    caller = Caller(cast.owner)
    shown = caller.get(f"tasks/{task.pk}/").json()
    assert [person["id"] for person in shown["assignees"]] == [cast.viewer.pk]
    assert shown["assigned_to"]["id"] == cast.viewer.pk
    assert caller.get(f"tasks/{other.pk}/").json()["version"] == 1
    event = Event.objects.get(verb="task.assigned")
    assert (event.task_id, event.actor_id) == (task.pk, cast.editor.pk)


def test_adding_under_a_key_replays(cast: Cast) -> None:
    caller = Caller(cast.owner)
    body = {"username": "otto"}
    answers = [caller.post(members(cast.project), body, HTTP_IDEMPOTENCY_KEY="k") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[1].headers["Idempotency-Replayed"] == "true"


def test_a_refusal_under_a_key_is_not_kept(cast: Cast) -> None:
    caller = Caller(cast.owner)
    assert caller.post(members(cast.project), {"username": "zoe"}, HTTP_IDEMPOTENCY_KEY="k").status_code == 404
    make_user("zoe")
    assert caller.post(members(cast.project), {"username": "zoe"}, HTTP_IDEMPOTENCY_KEY="k").status_code == 200
