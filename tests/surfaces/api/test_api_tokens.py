from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.urls import URLPattern
from django.utils import timezone

from baton.core.commands.api_tokens import create_api_token
from baton.core.models import ApiToken, Comment, Event, Guess, Project, Session, Task, User
from baton.reactions.search_index import index_events
from baton.surfaces.api.urls import urlpatterns
from baton.surfaces.wire.views import Access, BatonView
from tests.cast import Cast
from tests.core.commands.scenarios import make_full_task
from tests.factories import PASSWORD, actor_of, make_project, make_task
from tests.surfaces.api.caller import Caller, pointers
from tests.traces import let_the_log_settle, snapshot

TOKENS = "auth/tokens/"
METHODS = ("get", "post", "put", "patch", "delete")


def secret_of(user: User, *scopes: str, **fields: Any) -> str:
    wanted: Any = {"name": "Robot", "scopes": list(scopes), **fields}
    return create_api_token(actor_of(user), wanted)[1]


def robot(user: User, *scopes: str, **fields: Any) -> Caller:
    return Caller(access=secret_of(user, *scopes, **fields))


def test_shows_the_secret_once(cast: Cast) -> None:
    caller = Caller(cast.editor)
    answer = caller.post(TOKENS, {"name": "Robot", "scopes": ["write", "read"], "project": cast.project.pk})
    assert answer.status_code == 201
    body = answer.json()
    keys = ["id", "name", "hint", "scopes", "project", "created_at", "expires_at", "used_at", "secret"]
    assert list(body) == keys
    assert (body["scopes"], body["project"], body["used_at"]) == (["read", "write"], cast.project.pk, None)
    secret = body.pop("secret")
    assert secret.startswith(body["hint"])
    listed = caller.get(f"{TOKENS}?count=true")
    assert (listed.json()["results"], listed.json()["count"]) == ([body], 1)
    shown = caller.get(answer.headers["Location"])
    assert shown.json() == body
    assert secret not in f"{listed.content}{shown.content}"


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "Token", "TOKEN"])
def test_both_words_are_understood(cast: Cast, scheme: str) -> None:
    secret = secret_of(cast.editor, "read")
    assert Caller().get("tasks/", HTTP_AUTHORIZATION=f"{scheme} {secret}").status_code == 200
    assert Caller().get("tasks/", HTTP_AUTHORIZATION=f"Basic {secret}").status_code == 401


def test_revoked_it_opens_nothing_at_the_next_request(cast: Cast) -> None:
    caller = Caller(cast.editor)
    made = caller.post(TOKENS, {"name": "Robot", "scopes": ["read"]}).json()
    by_token = Caller(access=made["secret"])
    assert by_token.get("tasks/").status_code == 200
    assert caller.delete(f"{TOKENS}{made['id']}/").status_code == 204
    answer = by_token.get("tasks/")
    assert answer.status_code == 401
    assert "invalid_token" in answer.headers["WWW-Authenticate"]
    assert caller.delete(f"{TOKENS}{made['id']}/").status_code == 404


def test_run_out_or_of_somebody_who_is_not_active_it_opens_nothing(cast: Cast) -> None:
    by_token = robot(cast.editor, "read", expires_at=timezone.now() + timedelta(hours=1))
    ApiToken.objects.update(expires_at=timezone.now())
    assert by_token.get("tasks/").status_code == 401
    other = robot(cast.owner, "admin")
    User.objects.filter(pk=cast.owner.pk).update(is_active=False)
    for path in ("tasks/", "auth/profile/", "projects/", "events/"):
        assert other.get(path).status_code == 401


def test_nobody_elses_token_is_seen_or_revoked(cast: Cast) -> None:
    secret_of(cast.editor, "read")
    token = ApiToken.objects.get()
    foreign = Caller(cast.owner)
    assert foreign.get(TOKENS).json()["results"] == []
    assert foreign.get(f"{TOKENS}{token.pk}/").status_code == 404
    assert foreign.delete(f"{TOKENS}{token.pk}/").status_code == 404
    assert ApiToken.objects.get().revoked_at is None


def test_a_new_password_leaves_it_and_logging_out_everywhere_ends_it(cast: Cast) -> None:
    by_token = robot(cast.editor, "read")
    caller = Caller(cast.editor)
    changed = caller.post("auth/change-password/", {"old_password": PASSWORD, "new_password": "a lantern in fog"})
    assert changed.status_code == 200
    assert by_token.get("tasks/").status_code == 200
    assert Caller(access=changed.json()["access"]).delete("auth/sessions/").status_code == 204
    assert by_token.get("tasks/").status_code == 401
    assert Caller(access=changed.json()["access"]).get("tasks/").status_code == 401
    assert not Session.objects.filter(user=cast.editor, ended_at=None).exists()


@pytest.mark.parametrize(
    "body, where",
    [
        ({"scopes": ["read"]}, {"/name": "required"}),
        ({"name": "x"}, {"/scopes": "required"}),
        ({"name": "x", "scopes": []}, {"/scopes": "empty"}),
        ({"name": "x", "scopes": ["root"]}, {"/scopes/0": "invalid_choice"}),
        ({"name": "x", "scopes": [{}]}, {"/scopes/0": "invalid_choice"}),
        ({"name": "x", "scopes": "read"}, {"/scopes": "not_a_list"}),
        ({"name": "x", "scopes": ["read"], "project": 10**12}, {"/project": "not_found"}),
        ({"name": "x", "scopes": ["read"], "expires_at": "2020-01-01T00:00:00Z"}, {"/expires_at": "past"}),
        (
            {"name": "x", "scopes": ["read"], "user": 1, "digest": "x"},
            {"/user": "unknown_field", "/digest": "unknown_field"},
        ),
    ],
)
def test_bad_input_is_named_and_changes_nothing(cast: Cast, body: dict[str, Any], where: dict[str, str]) -> None:
    answer = Caller(cast.editor).post(TOKENS, body)
    assert (answer.status_code, pointers(answer)) == (400, where)
    assert not ApiToken.objects.exists()


def test_using_it_writes_once_a_minute(cast: Cast, django_assert_num_queries: Any) -> None:
    by_token = robot(cast.editor, "read")
    by_token.get("tasks/")
    noted = ApiToken.objects.get().used_at
    assert noted
    with django_assert_num_queries(2):
        by_token.get("tasks/")
    assert ApiToken.objects.get().used_at == noted


# Scopes against methods, over every route there is.


def routes() -> Iterator[tuple[str, type[BatonView]]]:
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        yield str(pattern.pattern), pattern.callback.view_class  # type: ignore[attr-defined]


ROUTES = [
    pytest.param(path, view, method, id=f"{method} {path}")
    for path, view in routes()
    for method in METHODS
    if hasattr(view, method) and getattr(view, "access", Access.PUBLIC) is not Access.PUBLIC
]


ACCOUNT_ROUTES = [route for route in ROUTES if route.values[1].access is Access.OWN_ACCOUNT]  # type: ignore[union-attr]


def fill(path: str, cast: Cast, task: Task) -> str:
    """Return a path with the ids of things that the owner sees."""
    ids = {
        "task_id": task.pk,
        "project_id": cast.project.pk,
        "comment_id": Comment.objects.get().pk,
        "user_id": cast.viewer.pk,
    }
    for name in ("task_id", "project_id", "comment_id", "user_id"):
        path = path.replace(f"<id:{name}>", str(ids[name]))
    while "<" in path:
        path = path[: path.index("<")] + "1" + path[path.index(">") + 1 :]
    return path


def scope_needed(view: type[BatonView], method: str) -> str:
    return "admin" if method in view.administers else "read" if method == "get" else "write"


@pytest.mark.any_database
@pytest.mark.parametrize("path, view, method", ROUTES)
def test_each_scope_reaches_as_far_as_it_says(cast: Cast, path: str, view: type[BatonView], method: str) -> None:
    task = make_full_task(cast)
    url = fill(path, cast, task)
    needed = scope_needed(view, method)
    callers = {scope: robot(cast.owner, scope) for scope in ("read", "write", "admin")}
    for scope in ("read", "write", "admin"):
        before = snapshot()
        answer = callers[scope].call(method.upper(), url, {} if method != "get" else None)
        b"".join(answer)  # a file that is sent is open until it has been read
        if ("read", "write", "admin").index(scope) >= ("read", "write", "admin").index(needed):
            assert answer.status_code != 403 or answer.json()["code"] != "insufficient_scope"
            break
        assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")
        assert f'scope="{needed}"' in answer.headers["WWW-Authenticate"]
        ApiToken.objects.update(used_at=None)
        for row in before["ApiToken"]:
            row["used_at"] = None
        assert snapshot() == before


@pytest.mark.parametrize("path, view, method", ACCOUNT_ROUTES)
def test_a_token_for_one_project_does_not_open_the_account(
    cast: Cast, path: str, view: type[BatonView], method: str
) -> None:
    task = make_full_task(cast)
    by_token = robot(cast.owner, "admin", project_id=cast.project.pk)
    answer = by_token.call(method.upper(), fill(path, cast, task), {} if method != "get" else None)
    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")


def test_what_is_about_people_and_credentials_takes_admin() -> None:
    needed = {f"{method} {path}" for path, view in routes() for method in METHODS if method in view.administers}
    assert needed >= {
        "post projects/<id:project_id>/members/",
        "post projects/<id:project_id>/add_member/",
        "patch projects/<id:project_id>/members/<id:user_id>/",
        "delete projects/<id:project_id>/members/<id:user_id>/",
        "post projects/<id:project_id>/invitations/",
        "post auth/tokens/",
        "delete auth/tokens/<id:token_id>/",
        "patch auth/profile/",
        "post auth/change-password/",
        "delete auth/sessions/",
    }


def test_a_token_is_no_session_to_log_out_of(cast: Cast) -> None:
    by_token = robot(cast.editor, "admin")
    assert by_token.post("auth/logout/").status_code == 403
    assert by_token.get("tasks/").status_code == 200


def test_a_token_changes_the_password_without_a_browsers_session(cast: Cast) -> None:
    by_token = robot(cast.editor, "admin")
    answer = by_token.post("auth/change-password/", {"old_password": PASSWORD, "new_password": "a lantern in fog"})
    assert answer.status_code == 200
    assert "sessionid" not in answer.cookies


# A token for one project sees nothing else.


def test_a_token_for_one_project_sees_nothing_else(cast: Cast) -> None:
    inside = make_full_task(cast)
    make_task(cast.owner, make_project(cast.owner, "Elsewhere"), "Hidden")
    make_task(cast.owner, make_project(cast.owner, "Everybody's", visibility="open"), "Hidden too")
    by_token = robot(cast.owner, "admin", project_id=cast.project.pk)
    everything = Caller(cast.owner)

    shown = {task["id"] for task in by_token.get("tasks/").json()["results"]}
    assert inside.pk in shown
    assert shown == set(Task.objects.filter(project=cast.project).values_list("pk", flat=True))
    assert len(everything.get("tasks/").json()["results"]) == len(shown) + 2
    assert by_token.get("tasks/?count=true&page_size=1").json()["count"] == len(shown)
    assert by_token.get("tasks/?search=Hidden").json()["results"] == []
    assert [project["id"] for project in by_token.get("projects/?count=true").json()["results"]] == [cast.project.pk]
    assert by_token.get("tasks/statistics/").json()["total"] == len(shown)
    index_events(list(Event.objects.order_by("pk")))
    assert {found["task"]["id"] for found in everything.get("search/?q=Hidden").json()["results"]}
    assert by_token.get("search/?q=Hidden&count=true").json()["results"] == []


@pytest.mark.django_db(transaction=True)
def test_a_token_for_one_project_hears_of_nothing_else(cast: Cast) -> None:
    make_full_task(cast)
    make_task(cast.owner, make_project(cast.owner, "Elsewhere"), "Hidden")
    by_token = robot(cast.owner, "read", project_id=cast.project.pk)
    let_the_log_settle()
    events = by_token.get("events/?page_size=200").json()["results"]
    assert {event["project"] for event in events} == {cast.project.pk}
    assert len(events) == Event.objects.filter(project=cast.project).count()
    assert len(Caller(cast.owner).get("events/?page_size=200").json()["results"]) > len(events)


def test_a_token_for_one_project_finds_nothing_else_by_its_id(cast: Cast) -> None:
    other = make_project(cast.owner, "Elsewhere")
    task = make_task(cast.owner, other, "Hidden", assignees=[cast.owner.pk])
    inside = make_full_task(cast)
    Caller(cast.owner).post(f"tasks/{task.pk}/comments/", {"text": "Psst."})
    comment = Comment.objects.get(task=task)
    told = Event.objects.filter(task=task).order_by("pk")[0].pk
    gone = make_task(cast.owner, other, "Gone")
    assert Caller(cast.owner).delete(f"tasks/{gone.pk}/").status_code == 204
    by_token = robot(cast.owner, "admin", project_id=cast.project.pk)
    before = Event.objects.count()
    for method, path, body in (
        ("GET", f"tasks/{task.pk}/", None),
        ("GET", f"tasks/{task.pk}/comments/", None),
        ("GET", f"tasks/{task.pk}/history/", None),
        ("GET", f"tasks/{task.pk}/delegations/", None),
        ("GET", f"comments/{comment.pk}/", None),
        ("GET", f"projects/{other.pk}/", None),
        ("GET", f"projects/{other.pk}/members/", None),
        ("GET", f"projects/{other.pk}/members/{cast.owner.pk}/", None),
        ("GET", f"projects/{other.pk}/statistics/", None),
        ("GET", f"projects/{other.pk}/invitations/", None),
        ("GET", f"tasks/?project={other.pk}", None),
        ("GET", f"tasks/?parent={task.pk}", None),
        ("GET", f"events/?project={other.pk}", None),
        ("GET", f"projects/{other.pk}/board/", None),
        ("GET", f"tasks/{task.pk}/attachments/", None),
        ("GET", f"search/?q=Hidden&project={other.pk}", None),
        ("POST", f"tasks/{task.pk}/move/", {"status": "done"}),
        ("POST", f"tasks/{inside.pk}/move/", {"project": other.pk}),
        ("POST", f"events/{told}/undo/", None),
        ("POST", f"trash/task/{gone.pk}/restore/", None),
        ("PATCH", f"tasks/{task.pk}/", {"title": "Changed"}),
        ("PATCH", f"tasks/{task.pk}/status/", {"status": "done"}),
        ("PATCH", f"tasks/{task.pk}/assign/", {"assigned_to": None}),
        ("DELETE", f"tasks/{task.pk}/", None),
        ("POST", f"tasks/{task.pk}/comments/", {"text": "No."}),
        ("PATCH", f"comments/{comment.pk}/", {"text": "No."}),
        ("DELETE", f"comments/{comment.pk}/", None),
        ("PUT", f"tasks/{task.pk}/watch/", None),
        ("POST", f"projects/{other.pk}/members/", {"user_id": cast.outsider.pk}),
        ("POST", f"projects/{other.pk}/invitations/", {"email": "x@example.org"}),
        ("PATCH", f"projects/{other.pk}/", {"name": "Taken"}),
        ("DELETE", f"projects/{other.pk}/", None),
    ):
        assert by_token.call(method, path, body).status_code == 404, (method, path)
    assert by_token.post("tasks/", {"title": "No", "project": other.pk}).status_code in (400, 404)
    assert by_token.patch(f"tasks/{inside.pk}/", {"parent": task.pk}).status_code in (400, 404)
    assert by_token.post("projects/", {"name": "New"}).status_code == 403
    assert by_token.get("trash/").json()["results"] == []
    many = {"operations": [{"op": "status", "task": number, "status": "done"} for number in (inside.pk, task.pk)]}
    assert by_token.post("tasks/bulk/", many).status_code in (400, 404)
    assert Event.objects.count() == before
    assert by_token.patch(f"tasks/{inside.pk}/", {"title": "Mine"}).status_code == 200


def test_a_task_without_a_project_does_not_land_in_the_inbox(cast: Cast) -> None:
    by_token = robot(cast.owner, "write", project_id=cast.project.pk)
    answer = by_token.post("tasks/", {"title": "Where?"})
    assert answer.status_code in (400, 404), answer.content
    assert not Task.objects.exists()


def test_a_token_for_a_project_that_is_lost_sees_nothing(cast: Cast) -> None:
    make_task(cast.owner, cast.project)
    by_token = robot(cast.editor, "admin", project_id=cast.project.pk)
    Caller(cast.owner).delete(f"projects/{cast.project.pk}/members/{cast.editor.pk}/")
    assert by_token.get("tasks/").json()["results"] == []
    assert by_token.get(f"projects/{cast.project.pk}/").status_code == 404
    assert Project.objects.get(pk=cast.project.pk).trashed_at is None


# Tokens that never were.


def test_ten_made_up_tokens_and_then_more_are_not_looked_up(cast: Cast, django_assert_num_queries: Any) -> None:
    right = robot(cast.editor, "read")
    for number in range(10):
        assert Caller(access=f"bat_{number:064x}").get("tasks/").status_code == 401
    answer = Caller(access="bat_" + "f" * 64).get("tasks/")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    assert right.get("tasks/").status_code == 200, "who has a right one is not kept out by others"
    assert Guess.objects.get().count == 10


@pytest.mark.parametrize(
    "token", ["bat_", "bat_x", "bat_" + "F" * 64, "bat_" + "0" * 63, "bat_" + "0" * 10_000, "bat_é"]
)
def test_rubbish_is_refused(db: None, token: str) -> None:
    assert Caller(access=token).get("tasks/").status_code == 401


def test_a_dead_token_may_ask_as_often_as_it_likes(cast: Cast) -> None:
    dead = robot(cast.editor, "read")
    ApiToken.objects.update(revoked_at=timezone.now())
    assert {dead.get("tasks/").status_code for _ in range(12)} == {401}
    assert not Guess.objects.exists()
