"""Whoever meets a limit is told what is left of it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.factories import PASSWORD, make_project, make_user
from tests.surfaces.api.caller import Caller

pytestmark = pytest.mark.django_db


def log_in(password: str, name: str = "anna") -> Any:
    return Caller().post("auth/login/", {"username": name, "password": password})


def left(answer: Any) -> dict[str, tuple[int, int]]:
    """Return what remains and for how many seconds, by policy."""
    found = re.findall(r'"([a-z]+)";r=(\d+);t=(\d+)(?:, |$)', answer.headers["RateLimit"])
    assert answer.headers["RateLimit"].count(";r=") == len(found)
    return {policy: (int(rest), int(seconds)) for policy, rest, seconds in found}


def test_each_wrong_password_leaves_one_less() -> None:
    make_user("anna")
    answers = [log_in("wrong") for _ in range(11)]
    assert [left(answer)["password"][0] for answer in answers] == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0]
    assert answers[0].headers["RateLimit-Policy"] == '"password";q=10;w=900, "passwords";q=100;w=900'
    last = answers[-1]
    assert last.status_code == 429
    rest, seconds = left(last)["password"]
    assert (rest, last.headers["Retry-After"]) == (0, str(seconds))
    assert 890 <= seconds <= 901


def test_a_right_one_takes_nothing() -> None:
    make_user("anna")
    answer = log_in(PASSWORD)
    assert answer.status_code == 200
    assert left(answer) == {"password": (10, 900), "passwords": (100, 900)}


def test_nobody_learns_from_it_whether_an_account_exists() -> None:
    make_user("anna")
    there, nowhere = log_in("wrong"), log_in("wrong", "nobody")
    assert left(there)["password"][0] == left(nowhere)["password"][0] == 9
    asked = [
        Caller().post("auth/password-reset/", {"email": f"{name}@example.org"}) for name in ("anna", "anna", "nobody")
    ]
    assert [left(answer)["letters"][0] for answer in asked] == [19, 18, 17]
    assert {answer.headers["RateLimit-Policy"] for answer in asked} == {'"letters";q=20;w=3600'}


def test_invitations_and_made_up_tokens_have_theirs() -> None:
    owner = make_user("olga")
    project = make_project(owner)
    invited = Caller(owner).post(f"projects/{project.pk}/invitations/", {"email": "new@example.org", "role": "viewer"})
    assert (invited.status_code, left(invited)["invitations"][0]) == (201, 19)
    guessed = Caller(access="bat_" + "a" * 43).get("tasks/")
    assert guessed.status_code == 401
    assert left(guessed)["secret"][0] == 9


def test_where_nothing_is_limited_nothing_is_said() -> None:
    answer = Caller(make_user("anna")).get("tasks/")
    assert "RateLimit" not in answer.headers
    assert "RateLimit-Policy" not in answer.headers
