"""Tokens made by an enemy, tokens that have died, and the browser's cookie."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from django.conf import settings
from django.test import Client

from baton.core.commands.sessions import end_all_sessions, open_session
from baton.core.models import Session, Task, User
from baton.surfaces.wire import tokens
from baton.surfaces.wire.credentials import AUDIENCE, REFRESH_LIFETIME, token_pair
from tests.factories import NOBODY, PASSWORD, make_project, make_task, make_user
from tests.surfaces.api.caller import Caller

pytestmark = pytest.mark.django_db


def claims_of(user: User, **changes: Any) -> dict[str, Any]:
    """Return what a good access token of a new session says, changed; None leaves a claim out."""
    session = open_session(NOBODY, user, AUDIENCE, REFRESH_LIFETIME)
    good = jwt.decode(token_pair(session, user)["access"], options={"verify_signature": False})
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def signed(claims: dict[str, Any], key: bytes | str | None = None, algorithm: str = "HS256", **header: Any) -> str:
    return jwt.encode(claims, tokens._key() if key is None else key, algorithm, headers=header)


def is_good(access: str) -> bool:
    answer = Caller(access=access).get("auth/profile/")
    assert answer.status_code in (200, 401)
    if answer.status_code == 401:
        assert "invalid_token" in answer.headers["WWW-Authenticate"]
    return bool(answer.status_code == 200)


def test_the_forger_of_these_tests_makes_good_ones_too() -> None:
    assert is_good(signed(claims_of(make_user())))


NOW = int(time.time())


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": None},
        {"exp": 0},
        {"exp": -1},
        {"exp": -(10**30)},
        {"exp": NOW - 120},
        {"exp": 10**12},
        {"exp": 10**30},
        {"exp": NOW + 600.5},
        {"exp": float(NOW + 600)},
        {"exp": str(NOW + 600)},
        {"exp": True},
        {"exp": [NOW + 600]},
        {"iat": None},
        {"iat": NOW + 600},
        {"iat": -(10**30)},
        {"typ": "refresh"},
        {"typ": "ticket"},
        {"typ": None},
        {"aud": "tasktable"},
        {"aud": [AUDIENCE]},
        {"aud": None},
        {"iss": "somebody"},
        {"iss": None},
        {"epoch": 1},
        {"epoch": -1},
        {"epoch": None},
        {"sid": 0},
        {"sid": 10**15},
        {"sid": None},
        {"sid": "1"},
        {"user_id": None},
        {"user_id": 0},
        {"sub": 5},
        {"role": "admin"},
    ],
    # Two workers load this file in different seconds, and must name its tests alike.
    ids=lambda changes: str(changes).replace(str(NOW - 120), "past").replace(str(NOW + 600), "future"),
)
def test_claims_that_are_not_right_are_refused(changes: dict[str, Any]) -> None:
    claims = claims_of(make_user(), **{name: value for name, value in changes.items() if value is not None})
    for name in [name for name, value in changes.items() if value is None]:
        del claims[name]
    assert not is_good(signed(claims))


def test_anothers_session_is_refused() -> None:
    anna, boris = make_user(), make_user()
    of_boris = claims_of(boris)
    assert not is_good(signed(claims_of(anna, user_id=boris.pk)))
    assert not is_good(signed(claims_of(anna, sid=of_boris["sid"])))


def _unsigned(claims: dict[str, Any], algorithm: str) -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': algorithm, 'typ': 'JWT'})}.{part(claims)}."


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", "HS256", "RS256"])
def test_a_token_without_a_signature_is_refused(algorithm: str) -> None:
    assert not is_good(_unsigned(claims_of(make_user()), algorithm))


FORGERIES: dict[str, Callable[[dict[str, Any]], str]] = {
    "another key": lambda claims: signed(claims, "somebody else's key, which is long enough"),
    "the secret key itself": lambda claims: signed(claims, settings.SECRET_KEY),
    "another algorithm": lambda claims: signed(claims, algorithm="HS512"),
    "a path as key id": lambda claims: signed(claims, b"\0" * 64, kid="/dev/null"),
    "a key of its own": lambda claims: signed(
        claims, "k" * 64, jwk={"kty": "oct", "k": "a2tra2tr"}, jku="http://127.0.0.1:9/"
    ),
    "a cut signature": lambda claims: signed(claims)[:-2] + "AA",
    "a fourth part": lambda claims: signed(claims) + ".more",
    "an unknown critical header": lambda claims: signed(claims, crit=["x"], x=1),
    "an empty part": lambda claims: "." + signed(claims),
}


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize("how", FORGERIES)
def test_a_forged_token_is_refused(how: str) -> None:
    assert not is_good(FORGERIES[how](claims_of(make_user())))


@pytest.mark.parametrize("token", ["", "garbage", "a.b.c", "x" * 100_000, "e30." * 1000, "\u0442.\u043e.\u043a"])
def test_garbage_is_refused(token: str) -> None:
    assert not is_good(token)


def test_a_token_deep_as_the_sea_is_refused() -> None:
    deep = base64.urlsafe_b64encode(b"[" * 50_000).decode().rstrip("=")
    assert not is_good(f"{deep}.{deep}.x")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer  ", "Basic YTpi", "Token x", "bearer\tx", "Bearer a b"])
def test_another_header_is_refused(header: str) -> None:
    answer = Client().get("/api/auth/profile/", HTTP_AUTHORIZATION=header)
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_clock_may_differ_by_half_a_minute_but_not_by_ten() -> None:
    user = make_user()
    now = int(time.time())
    assert is_good(signed(claims_of(user, iat=now + 30, exp=now + 900)))
    assert not is_good(signed(claims_of(user, iat=now + 600, exp=now + 1500)))


def _log_out(user: User) -> None:
    Session.objects.filter(user=user).update(ended_at=user.created_at)


def _change_password(user: User) -> None:
    tokens_of = Caller().post("auth/login/", {"username": user.username, "password": PASSWORD}).json()
    body = {"old_password": PASSWORD, "new_password": "a lantern in fog"}
    assert Caller(access=tokens_of["access"]).post("auth/change-password/", body).status_code == 200


def _deactivate(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


@pytest.mark.parametrize("end", [_log_out, _change_password, _deactivate, end_all_sessions])
def test_a_dead_credential_is_refused_at_the_next_request(end: Callable[[User], None]) -> None:
    user = make_user()
    project = make_project(user)
    task = make_task(user, project)
    caller = Caller(user)
    routes: list[tuple[str, str, dict[str, Any] | None]] = [
        ("GET", f"tasks/{task.pk}/", None),
        ("GET", "tasks/", None),
        ("GET", f"tasks/?project={project.pk}&status=done", None),
        ("GET", "projects/", None),
        ("GET", f"projects/{project.pk}/", None),
        ("GET", f"projects/{project.pk}/members/", None),
        ("GET", f"projects/{project.pk}/statistics/", None),
        ("GET", "auth/profile/", None),
        ("GET", "auth/sessions/", None),
        ("POST", "tasks/", {"project": project.pk, "title": "Late"}),
        ("POST", "projects/", {"name": "Late"}),
        ("PATCH", f"tasks/{task.pk}/", {"title": "Late"}),
        ("PATCH", f"projects/{project.pk}/", {"name": "Late"}),
        ("DELETE", f"projects/{project.pk}/", None),
        ("PATCH", "auth/profile/", {"name": "Late"}),
        ("POST", "auth/logout/", None),
    ]
    assert [caller.call(*route).status_code for route in routes if route[0] == "GET"] == [200] * 9
    end(user)
    assert {route[:2]: caller.call(*route).status_code for route in routes} == {route[:2]: 401 for route in routes}
    assert Task.objects.get().title == task.title


def test_a_replayed_answer_needs_a_live_credential_too() -> None:
    user = make_user()
    caller = Caller(user)
    assert caller.post("projects/", {"name": "Once"}, HTTP_IDEMPOTENCY_KEY="k").status_code == 201
    end_all_sessions(user)
    assert caller.post("projects/", {"name": "Once"}, HTTP_IDEMPOTENCY_KEY="k").status_code == 401


def browser(user: User) -> Client:
    """Return somebody who has logged in through the admin's own page, CSRF and all."""
    User.objects.filter(pk=user.pk).update(is_staff=True)
    client = Client(enforce_csrf_checks=True)
    client.get("/admin/login/")
    form = {
        "username": user.username,
        "password": PASSWORD,
        "csrfmiddlewaretoken": client.cookies["csrftoken"].value,
        "next": "/admin/",
    }
    assert client.post("/admin/login/", form).status_code == 302
    return client


def test_a_cookie_reads() -> None:
    user = make_user("anna")
    assert browser(user).get("/api/auth/profile/").json()["id"] == user.pk


def test_a_cookie_writes_only_with_the_csrf_token() -> None:
    user = make_user("anna")
    client = browser(user)
    csrf = client.cookies["csrftoken"].value

    def write(**headers: Any) -> Any:
        return client.patch("/api/auth/profile/", {"name": "Anna"}, content_type="application/json", **headers)

    for refused in (
        write(),
        write(HTTP_X_CSRFTOKEN="x" * 32),
        write(HTTP_X_CSRFTOKEN=csrf, HTTP_ORIGIN="http://evil.example"),
    ):
        assert refused.status_code == 403
        assert refused.json()["code"] == "csrf_failed"
        assert User.objects.get().name == ""
    assert write(HTTP_X_CSRFTOKEN=csrf).status_code == 200
    assert User.objects.get().name == "Anna"


def test_a_cookie_of_somebody_deactivated_is_dead() -> None:
    user = make_user("anna")
    client = browser(user)
    _deactivate(user)
    assert client.get("/api/auth/profile/").status_code == 401


def test_a_browser_logs_out_of_its_cookie() -> None:
    user = make_user("anna")
    client = browser(user)
    csrf = client.cookies["csrftoken"].value
    assert client.post("/api/auth/logout/").status_code == 403
    assert client.post("/api/auth/logout/", HTTP_X_CSRFTOKEN=csrf).status_code == 204
    assert client.get("/api/auth/profile/").status_code == 401


def test_a_browser_that_changes_the_password_stays_and_others_go() -> None:
    user = make_user("anna")
    here, elsewhere = browser(user), browser(user)
    body = {"old_password": PASSWORD, "new_password": "a lantern in fog"}
    csrf = here.cookies["csrftoken"].value
    answer = here.post("/api/auth/change-password/", body, content_type="application/json", HTTP_X_CSRFTOKEN=csrf)
    assert answer.status_code == 200
    assert here.get("/api/auth/profile/").status_code == 200
    assert elsewhere.get("/api/auth/profile/").status_code == 401


def test_logging_in_needs_no_csrf_token_and_gives_no_cookie() -> None:
    make_user("anna")
    client = Client(enforce_csrf_checks=True)
    body = {"username": "anna", "password": PASSWORD}
    assert client.post("/api/auth/login/", body, content_type="application/json").status_code == 200
    assert not client.cookies
