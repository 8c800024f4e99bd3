from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from baton.core.models import Event, Project, User
from tests.cast import Cast
from tests.factories import make_project, make_task, make_user
from tests.surfaces.api.caller import Caller, pointers


def path(project: Project) -> str:
    return f"projects/{project.pk}/"


@pytest.mark.django_db
def test_making_one_answers_with_all_of_it() -> None:
    user = make_user("anna", name="Anna")
    answer = Caller(user).post("projects/", {"name": "Summer camp", "description": "By the lake."})
    assert answer.status_code == 201
    body = answer.json()
    assert answer.headers["Location"] == f"/api/projects/{body['id']}/"
    assert list(body) == [
        "id",
        "uuid",
        "key",
        "name",
        "description",
        "visibility",
        "assignees_edit",
        "unique_titles",
        "creators_decide",
        "owner",
        "members",
        "tasks_count",
        "created_at",
        "updated_at",
        "version",
    ]
    anna = {"id": user.pk, "username": "anna", "name": "Anna", "avatar": None}
    assert (body["key"], body["name"], body["visibility"], body["tasks_count"]) == ("SC", "Summer camp", "private", 0)
    assert (body["owner"], body["members"]) == (anna, [{**anna, "role": "owner"}])
    shown = Caller(user).get(answer.headers["Location"])
    assert (shown.json(), shown.headers["ETag"]) == (body, answer.headers["ETag"])


@pytest.mark.django_db
def test_lists_what_one_sees_newest_first() -> None:
    anna, boris = make_user(), make_user()
    mine, hidden = make_project(anna, "Mine"), make_project(boris, "Hidden")
    open_to_all = make_project(boris, "Open", visibility="open")
    body = Caller(anna).get("projects/?count=true").json()
    inbox = Project.objects.get(owner=anna, is_inbox=True)
    assert [row["id"] for row in body["results"]] == [open_to_all.pk, mine.pk, inbox.pk]
    assert (body["count"], body["next"], body["previous"]) == (3, None, None)
    assert hidden.pk not in [row["id"] for row in body["results"]]


@pytest.mark.django_db
@pytest.mark.parametrize("ordering", ["created_at", "updated_at", "name", "key"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_pages_in_every_order_there_and_back(ordering: str, sign: str) -> None:
    user = make_user()
    for number in range(6):
        make_project(user, f"Project {number % 3}")
    caller = Caller(user)
    column = {"created_at": "created_at", "updated_at": "updated_at", "name": "name", "key": "key"}[ordering]
    expected = list(Project.objects.order_by(sign + column, sign + "id").values_list("pk", flat=True))
    forward, url, last = [], f"projects/?page_size=3&ordering={sign}{ordering}", ""
    while url:
        body = caller.get(url).json()
        forward += [row["id"] for row in body["results"]]
        last, url = url, body["next"]
    assert forward == expected
    backward: list[int] = []
    url = caller.get(last).json()["previous"]
    while url:
        body = caller.get(url).json()
        backward = [row["id"] for row in body["results"]] + backward
        url = body["previous"]
    assert backward == expected[: len(backward)]
    assert len(backward) == 6


@pytest.mark.django_db
def test_a_list_takes_few_queries_however_long(django_assert_num_queries: Any) -> None:
    user = make_user()
    for _ in range(5):
        make_project(user)
    caller = Caller(user)
    # The credential, the projects, their members.
    with django_assert_num_queries(3):
        assert len(caller.get("projects/").json()["results"]) == 6


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query, expected",
    [
        ("?owner=1", {"?owner": "unknown_parameter"}),
        ("?ordering=uuid", {"?ordering": "invalid_choice"}),
        ("?page_size=100000000000000000000", {"?page_size": "out_of_range"}),
        ("?cursor=x&count=maybe", {"?cursor": "invalid_cursor", "?count": "invalid"}),
    ],
)
def test_bad_parameters_are_named(query: str, expected: dict[str, str]) -> None:
    answer = Caller(make_user()).get(f"projects/{query}")
    assert answer.status_code == 400
    assert pointers(answer) == expected


@pytest.mark.django_db
def test_a_patch_touches_only_what_is_sent(cast: Cast) -> None:
    caller = Caller(cast.owner)
    caller.patch(path(cast.project), {"description": "All of it."})
    answer = caller.patch(path(cast.project), {"name": "Night shift"})
    assert answer.status_code == 200
    body = answer.json()
    assert (body["name"], body["description"], body["version"]) == ("Night shift", "All of it.", 3)
    assert caller.patch(path(cast.project), {"description": None}).json()["description"] == ""
    changes = Event.objects.filter(verb="project.edited").order_by("id").values_list("changes", flat=True)
    assert list(changes) == [
        {"description": ["", "All of it."]},
        {"name": ["Operations", "Night shift"]},
        {"description": ["All of it.", ""]},
    ]


@pytest.mark.django_db
def test_put_of_what_was_read_changes_nothing(cast: Cast) -> None:
    caller = Caller(cast.owner)
    for project in (cast.project, Project.objects.get(owner=cast.owner, is_inbox=True)):
        shown = caller.get(path(project))
        answer = caller.put(path(project), shown.json(), HTTP_IF_MATCH=shown.headers["ETag"])
        assert answer.status_code == 200
        assert answer.json() == shown.json()
    assert not Event.objects.filter(verb="project.edited").exists()


@pytest.mark.django_db
def test_put_gives_what_is_missing_its_default_and_keeps_the_key(cast: Cast) -> None:
    caller = Caller(cast.owner)
    before = caller.patch(path(cast.project), {"description": "All of it.", "visibility": "open"}).json()
    body = caller.put(path(cast.project), {"name": "Night shift"}).json()
    assert (body["description"], body["visibility"], body["key"]) == ("", "private", before["key"])
    assert pointers(caller.put(path(cast.project), {})) == {"/name": "required"}


@pytest.mark.django_db
def test_tags_follow_versions_and_counters(cast: Cast) -> None:
    caller = Caller(cast.owner)
    first = caller.get(path(cast.project)).headers["ETag"]
    assert caller.get(path(cast.project), HTTP_IF_NONE_MATCH=first).status_code == 304
    make_task(cast.owner, cast.project)
    counted = caller.get(path(cast.project), HTTP_IF_NONE_MATCH=first)
    assert (counted.status_code, counted.json()["tasks_count"]) == (200, 1)
    # A new task makes nobody's edit stale; a new member does, since members are part of what is shown.
    assert caller.patch(path(cast.project), {"name": "Again"}, HTTP_IF_MATCH=first).status_code == 200
    tag = caller.get(path(cast.project)).headers["ETag"]
    caller.post(f"{path(cast.project)}members/", {"user_id": cast.outsider.pk})
    assert caller.patch(path(cast.project), {"name": "Late"}, HTTP_IF_MATCH=tag).status_code == 412


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("tag", ['"0"', '"2"', 'W/"1"', '"x"', "1"])
def test_a_stale_tag_changes_nothing(cast: Cast, method: str, tag: str) -> None:
    before = Project.objects.filter(pk=cast.project.pk).values().get()
    caller = Caller(cast.owner)
    caller.headers["HTTP_IF_MATCH"] = tag
    assert caller.call(method, path(cast.project), None if method == "DELETE" else {"name": "Late"}).status_code == 412
    assert Project.objects.filter(pk=cast.project.pk).values().get() == before


@pytest.mark.django_db
def test_the_trash_hides_all_that_is_in_it_from_the_next_request(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    caller = Caller(cast.owner)
    assert caller.delete(path(cast.project)).status_code == 204
    for gone in (
        path(cast.project),
        f"{path(cast.project)}members/",
        f"{path(cast.project)}statistics/",
        f"tasks/{task.pk}/",
    ):
        assert caller.get(gone).status_code == 404, gone
    assert cast.project.pk not in [row["id"] for row in caller.get("projects/").json()["results"]]
    assert caller.get("tasks/").json()["results"] == []
    assert caller.patch(f"tasks/{task.pk}/", {"title": "Late"}).status_code == 404
    assert caller.post("tasks/", {"project": cast.project.pk, "title": "Late"}).status_code == 404
    assert caller.delete(path(cast.project)).status_code == 404
    assert Event.objects.filter(verb="project.trashed", project=cast.project).count() == 1


@pytest.mark.django_db
def test_nobody_loses_an_inbox() -> None:
    user = make_user()
    inbox = Project.objects.get(owner=user, is_inbox=True)
    caller = Caller(user)
    assert caller.delete(path(inbox)).status_code == 403
    assert pointers(caller.patch(path(inbox), {"visibility": "open"})) == {"/visibility": "inbox"}
    assert caller.post(f"{path(inbox)}members/", {"user_id": make_user().pk}).status_code == 409


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body, expected",
    [
        ({}, {"/name": "required"}),
        ({"name": " "}, {"/name": "blank"}),
        ({"name": None}, {"/name": "null"}),
        ({"name": 5}, {"/name": "invalid"}),
        ({"name": "a" * 201}, {"/name": "max_length"}),
        ({"name": "a\nb"}, {"/name": "line_break"}),
        ({"description": "a" * 100_001}, {"/name": "required"}),
        ({"name": "A", "description": "a" * 100_001}, {"/description": "max_length"}),
        ({"name": "A", "visibility": "secret"}, {"/visibility": "invalid_choice"}),
        ({"name": "A", "key": "ops"}, {"/key": "invalid"}),
        ({"name": "A", "key": "IN7"}, {"/key": "reserved"}),
        ({"name": "A", "key": "ABCDEFGHIJK"}, {"/key": "invalid"}),
        ({"name": "A", "key": "O"}, {"/key": "taken"}),
        ({"name": "A", "colour": "red", "is_inbox": True}, {"/colour": "unknown_field", "/is_inbox": "unknown_field"}),
    ],
)
def test_bad_input_changes_nothing(body: dict[str, Any], expected: dict[str, str]) -> None:
    user = make_user()
    project = make_project(user, key="O")
    before = list(Project.objects.order_by("pk").values())
    answer = Caller(user).post("projects/", body)
    assert answer.status_code == 400
    assert pointers(answer) == expected
    if body and "required" not in expected.values():
        other = make_project(user, key="Z")
        assert pointers(Caller(user).patch(path(other), body)) == expected
        other.delete()
    assert list(Project.objects.order_by("pk").values()) == before
    assert project.key == "O"


@pytest.mark.django_db
def test_what_nobody_writes_is_passed_over(cast: Cast) -> None:
    shown = {
        "id": 999,
        "uuid": "x",
        "owner": cast.outsider.pk,
        "members": [],
        "tasks_count": 7,
        "created_at": "1999-01-01T00:00:00Z",
        "version": 9,
    }
    caller = Caller(cast.owner)
    before = caller.get(path(cast.project)).json()
    assert caller.patch(path(cast.project), shown).json() == before
    made = caller.post("projects/", {"name": "Mine", **shown}).json()
    assert (made["owner"]["id"], made["tasks_count"], made["version"]) == (cast.owner.pk, 0, 1)


@pytest.mark.django_db
def test_keys_come_from_names_and_leave_inboxes_theirs() -> None:
    caller = Caller(make_user())
    names = ["Operations", "Operations", "Night shift crew", "In", "In20", "\u0414\u0430\u0447\u0430", "42"]
    keys = [caller.post("projects/", {"name": name}).json()["key"] for name in names]
    assert keys == ["OPER", "OPER2", "NSC", "INX", "INX2", "P", "P2"]


@pytest.mark.django_db
def test_statistics_count_the_projects_tasks(cast: Cast) -> None:
    make_task(cast.owner, cast.project, status="done")
    make_task(cast.owner, cast.project, priority=3)
    make_task(cast.owner, make_project(cast.owner))
    body = Caller(cast.viewer).get(f"{path(cast.project)}statistics/").json()
    assert (body["total"], body["by_status"]["done"], body["by_priority"]["high"]) == (2, 1, 1)
    assert Caller(cast.outsider).get(f"{path(cast.project)}statistics/").status_code == 404
    assert pointers(Caller(cast.owner).get(f"{path(cast.project)}statistics/?x=1")) == {"?x": "unknown_parameter"}


@pytest.mark.django_db
def test_a_key_replays_the_first_answer() -> None:
    caller = Caller(make_user())
    answers = [caller.post("projects/", {"name": "Once"}, HTTP_IDEMPOTENCY_KEY="k") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert answers[0].content == answers[1].content
    assert Project.objects.filter(is_inbox=False).count() == 1


def _at_once(calls: list[Any]) -> list[Any]:
    start = threading.Barrier(len(calls))
    answers: list[Any] = []

    def run(call: Any) -> None:
        start.wait()
        try:
            answers.append(call())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_instant_one_gets_the_key() -> None:
    callers = [Caller(make_user()) for _ in range(2)]
    answers = _at_once([lambda c=c: c.post("projects/", {"name": "Ops", "key": "OPS"}) for c in callers])
    assert sorted(answer.status_code for answer in answers) == [201, 400]
    (refused,) = [answer for answer in answers if answer.status_code == 400]
    assert pointers(refused) == {"/key": "taken"}


@pytest.mark.django_db(transaction=True)
def test_many_of_one_name_at_the_same_instant_get_a_key_each() -> None:
    callers = [Caller(make_user()) for _ in range(6)]
    answers = _at_once([lambda c=c: c.post("projects/", {"name": "Ops"}) for c in callers])
    assert [answer.status_code for answer in answers] == [201] * 6
    assert {answer.json()["key"] for answer in answers} == {"OPS", "OPS2", "OPS3", "OPS4", "OPS5", "OPS6"}


GUEST = "guest"
ROLES = ("owner", "editor", "viewer", "outsider", GUEST, "anonymous")

# What each role gets for each verb, in the order of ROLES. The guest belongs to nothing, and the project is open.
MATRIX: dict[tuple[str, str], tuple[int, ...]] = {
    ("GET", ""): (200, 200, 200, 404, 200, 401),
    ("PUT", ""): (200, 403, 403, 404, 403, 401),
    ("PATCH", ""): (200, 403, 403, 404, 403, 401),
    ("DELETE", ""): (204, 403, 403, 404, 403, 401),
    ("GET", "statistics/"): (200, 200, 200, 404, 200, 401),
    ("GET", "members/"): (200, 200, 200, 404, 200, 401),
    ("POST", "members/"): (200, 403, 403, 404, 403, 401),
    ("POST", "add_member/"): (200, 403, 403, 404, 403, 401),
    ("GET", "members/{member}/"): (200, 200, 200, 404, 200, 401),
    ("PATCH", "members/{member}/"): (200, 403, 403, 404, 403, 401),
    ("DELETE", "members/{member}/"): (204, 403, 403, 404, 403, 401),
    ("DELETE", "members/{self}/"): (409, 204, 204, 404, 404, 401),
}

BODIES = {"PUT": {"name": "Other"}, "PATCH": {"name": "Other"}}


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("verb", MATRIX, ids=" ".join)
def test_who_may_do_what(cast: Cast, verb: tuple[str, str], role: str) -> None:
    if role == GUEST:
        Project.objects.filter(pk=cast.project.pk).update(visibility="open")
    people: dict[str, User | None] = {GUEST: cast.outsider, "anonymous": None}
    user = people[role] if role in people else getattr(cast, role)
    caller = Caller(user)
    before = _state(cast.project)
    method, rest = verb
    route = path(cast.project) + rest.format(member=cast.newcomer.pk, self=user.pk if user else cast.owner.pk)
    body: dict[str, Any] | None = {"role": "viewer"} if "member}" in rest and method == "PATCH" else BODIES.get(method)
    if method == "POST":
        body = {"user_id": make_user().pk}
    assert caller.call(method, route, body).status_code == MATRIX[verb][ROLES.index(role)]
    is_change = method != "GET" and MATRIX[verb][ROLES.index(role)] < 300
    assert (_state(cast.project) != before) is is_change


def _state(project: Project) -> tuple[Any, ...]:
    rows = Project.objects.filter(pk=project.pk)
    return (
        rows.values().get(),
        list(project.members.order_by("pk").values()),
        Event.objects.filter(project=project).count(),
    )
