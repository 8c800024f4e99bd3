"""Accounts and tokens of this dialect."""

from __future__ import annotations

from typing import Any

import jwt
import pytest
from django.test import override_settings

from baton.core.commands.account_upkeep import deactivate_user
from baton.core.commands.accounts import change_password
from baton.core.commands.dialect_tokens import issue_dialect_token
from baton.core.models import Event, User
from baton.surfaces.dialects.taskapi.auth import token_of
from tests.cast import Cast
from tests.factories import NOBODY, PASSWORD, actor_of, bearer, make_user
from tests.surfaces.dialects.taskapi.client import FormClient
from tests.traces import nothing_changes

pytestmark = pytest.mark.django_db
EXPIRED = (401, "401: Invalid authorization token, Signature has expired")


def test_the_token_says_what_the_originals_said(cast: Cast) -> None:
    claims = jwt.decode(token_of(cast.owner), options={"verify_signature": False})

    assert claims["username"] == "olga"
    assert claims["scopes"] == ["username:olga"]
    assert "exp" not in claims


def test_an_account_is_opened_through_this_dialect() -> None:
    status, said = FormClient().ask("POST", "/register", login="Иван Грозный", password="1")

    user = User.objects.get(username="Иван Грозный")
    assert (status, said) == (200, {"access_token": token_of(user)})
    assert Event.objects.get(verb="user.registered", user=user).surface == "taskapi"


def test_a_hundred_registrations_and_log_ins_from_one_address_go_through() -> None:
    for number in range(100):
        form = {"login": f"user{number}", "password": "1"}
        assert FormClient().ask("POST", "/register", **form)[0] == 200
        assert FormClient().ask("POST", "/get-token", **form)[0] == 200


def test_guesses_are_counted(cast: Cast) -> None:
    guesses = [FormClient().ask("POST", "/get-token", login="olga", password=f"{n}") for n in range(12)]

    assert guesses[0] == (400, {"auth_error": "incorrect data"})
    status, said = guesses[-1]
    assert (status, said.partition(":")[0]) == (429, "429")


@pytest.mark.parametrize("registration", ["closed", "invited"])
def test_no_account_where_registration_is_not_open(registration: str) -> None:
    with override_settings(BATON_REGISTRATION=registration), nothing_changes():
        status, said = FormClient().ask("POST", "/register", login="ivan", password="1")

    assert status == 403
    assert said.startswith("403: ")


def test_strict_passwords_hold_here_too() -> None:
    with override_settings(BATON_STRICT_PASSWORDS=True), nothing_changes():
        answer = FormClient().ask("POST", "/register", login="ivan", password="1")

    assert answer == (400, {"error": "incorrect data"})


def test_nobody_without_a_verified_address_where_that_is_needed(cast: Cast) -> None:
    with override_settings(BATON_REQUIRE_VERIFIED_EMAIL=True), nothing_changes():
        assert FormClient().ask("POST", "/get-token", login="olga", password=PASSWORD)[0] == 403
        assert FormClient().ask("POST", "/register", login="ivan", password="1") == (400, {"error": "incorrect data"})


def test_a_new_password_ends_the_token(cast: Cast) -> None:
    client = FormClient(cast.owner)
    assert client.ask("GET", "/task") == (200, [])

    change_password(actor_of(cast.owner), PASSWORD, "another battery of horses", "network")

    assert client.ask("GET", "/task") == EXPIRED
    assert client.ask("GET", "/task/1") == EXPIRED
    assert client.ask("POST", "/task", name="x", description="x", status="new") == EXPIRED


def test_a_closed_account_ends_it_too(cast: Cast) -> None:
    client, staff = FormClient(cast.owner), make_user()
    User.objects.filter(pk=staff.pk).update(is_staff=True, is_superuser=True)
    deactivate_user(actor_of(staff), cast.owner.pk)

    assert client.ask("GET", "/task") == EXPIRED
    status, said = FormClient().ask("POST", "/get-token", login="olga", password=PASSWORD)
    assert (status, said) == (400, {"auth_error": "incorrect data"})


def test_tokens_of_other_surfaces_are_refused_here(cast: Cast) -> None:
    native = bearer(cast.owner)["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    lasting = issue_dialect_token(NOBODY, cast.owner, "tasktable")

    assert FormClient(token=native).ask("GET", "/task") == (
        401,
        "401: Invalid authorization token, Invalid audience",
    )
    assert FormClient(token=lasting).ask("GET", "/task")[0] == 401


def test_this_dialects_tokens_are_refused_elsewhere(cast: Cast, client: Any) -> None:
    headers = {"Authorization": f"Bearer {token_of(cast.owner)}"}

    for path in ("/api/tasks/", "/api/auth/profile/", "/issuetracker/api/issue/"):
        assert client.get(path, headers=headers).status_code == 401


def test_an_unsigned_token_is_refused(cast: Cast) -> None:
    claims = jwt.decode(token_of(cast.owner), options={"verify_signature": False})
    unsigned = jwt.encode(claims, None, algorithm="none")

    assert FormClient(token=unsigned).ask("GET", "/task")[0] == 401


def test_somebody_without_an_inbox_gets_one() -> None:
    user = User.objects.create_user("root", None, "secret123")

    status, said = FormClient(user).ask("POST", "/task", name="x", description="x", status="new")

    assert status == 201
    assert FormClient(user).ask("GET", "/task") == (200, [said])
