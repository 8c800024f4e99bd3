from __future__ import annotations

import time
from typing import Any

import pytest
from django.test.utils import override_settings

from baton.core.models import Event, Session, User
from tests.factories import PASSWORD, make_user
from tests.surfaces.api.caller import Caller, pointers

pytestmark = pytest.mark.django_db


def log_in(**body: Any) -> Any:
    return Caller().post("auth/login/", body)


@pytest.mark.parametrize("key", ["email", "username"])
@pytest.mark.parametrize("login", ["anna", "ANNA", "anna@example.org", "Anna@Example.ORG"])
def test_either_key_takes_a_name_or_an_address(key: str, login: str) -> None:
    user = make_user("anna")
    answer = log_in(**{key: login, "password": PASSWORD})
    assert answer.status_code == 200
    assert list(answer.json()) == ["refresh", "access"]
    assert Caller(access=answer.json()["access"]).get("auth/profile/").json()["id"] == user.pk


def test_takes_a_form() -> None:
    make_user("anna")
    answer = Caller().client.post("/api/auth/login/", {"username": "anna", "password": PASSWORD})
    assert answer.status_code == 200


def test_opens_a_session_of_its_own_each_time() -> None:
    user = make_user("anna")
    for _ in range(2):
        log_in(username="anna", password=PASSWORD)
    assert Session.objects.filter(user=user, ended_at=None).count() == 2
    assert Event.objects.filter(verb="session.opened", actor=user, user=user, project=None).count() == 2


def test_answers_alike_for_a_wrong_password_and_for_nobody() -> None:
    make_user("anna")
    inactive = make_user("vera")
    User.objects.filter(pk=inactive.pk).update(is_active=False)
    answers = [
        log_in(username="anna", password="not the password"),
        log_in(username="nobody", password=PASSWORD),
        log_in(email="nobody@example.org", password=PASSWORD),
        log_in(username="vera", password=PASSWORD),
    ]
    for answer in answers:
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    bodies = [{**answer.json(), "request_id": None} for answer in answers]
    assert bodies == [bodies[0]] * 4
    assert bodies[0]["detail"] == "No active account found with the given credentials"
    assert not Session.objects.exists()


def test_takes_as_long_for_nobody_as_for_a_wrong_password() -> None:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.Argon2PasswordHasher"]):
        make_user("anna")
        times = {name: min(_seconds(name) for _ in range(3)) for name in ("anna", "nobody")}
    # One argon2 costs tens of milliseconds and the rest of the request a few, so leaving it out would show.
    assert 0.5 < times["anna"] / times["nobody"] < 2


def _seconds(username: str) -> float:
    start = time.perf_counter()
    assert log_in(username=username, password="not the password").status_code == 401
    return time.perf_counter() - start


@pytest.mark.parametrize(
    "body, expected",
    [
        ({}, {"/email": "required", "/password": "required"}),
        ({"username": "anna"}, {"/password": "required"}),
        ({"password": PASSWORD}, {"/email": "required"}),
        ({"email": "anna@example.org", "username": "anna", "password": PASSWORD}, {"/username": "ambiguous"}),
        ({"username": ["anna"], "password": {"a": 1}}, {"/username": "invalid", "/password": "invalid"}),
        ({"username": None, "password": PASSWORD}, {"/username": "null"}),
        ({"username": "", "password": ""}, {"/username": "blank", "/password": "blank"}),
        ({"username": "a" * 255, "password": "x" * 1001}, {"/username": "max_length", "/password": "max_length"}),
        ({"username": "anna", "password": PASSWORD, "epoch": 1}, {"/epoch": "unknown_field"}),
    ],
)
def test_names_what_is_bad(body: dict[str, Any], expected: dict[str, str]) -> None:
    make_user("anna")
    answer = log_in(**body)
    assert answer.status_code == 400
    assert pointers(answer) == expected
    assert not Session.objects.exists()


@pytest.mark.parametrize("body", ["[]", '"anna"', "null", "5", "{", '{"username": "anna", "username": "vera"}', ""])
def test_refuses_what_is_no_object(body: str) -> None:
    answer = Caller().client.post("/api/auth/login/", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_sets_no_cookie_and_is_not_kept() -> None:
    make_user("anna")
    answer = log_in(username="anna", password=PASSWORD)
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "no-store"


def test_another_method_is_refused() -> None:
    answer = Caller().get("auth/login/")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
