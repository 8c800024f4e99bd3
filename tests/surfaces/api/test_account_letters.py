"""Verifying an address, a forgotten password, an invitation: by the letters as they are sent."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings

from baton.core.models import Member, User
from tests.cast import Cast
from tests.factories import PASSWORD, make_project, make_user
from tests.post import post_account_letters
from tests.surfaces.api.caller import Caller, pointers

pytestmark = pytest.mark.django_db

NEW = "a lantern in fog"
BODY = {"username": "new", "email": "new@example.org", "password": PASSWORD, "password_confirm": PASSWORD}


def token_in(letter: Any) -> str:
    (token,) = re.findall(r"^\S{20,}$", letter.body, re.MULTILINE)
    return str(token)


def address_in(letter: Any) -> str:
    """Return the route that the letter names, for programs."""
    (address,) = re.findall(r"https?://\S+$", letter.body, re.MULTILINE)
    return str(urlsplit(address).path)


@override_settings(BATON_REQUIRE_VERIFIED_EMAIL=True)
def test_where_addresses_are_verified_nobody_logs_in_before() -> None:
    registered = Caller().post("auth/register/", BODY)
    assert registered.status_code == 201
    assert "tokens" not in registered.json()
    login = {"email": "new@example.org", "password": PASSWORD}
    refused = Caller().post("auth/login/", login)
    assert (refused.status_code, refused.json()["code"]) == (403, "email_not_verified")
    assert Caller().post("auth/login/", {**login, "password": "wrong"}).status_code == 401
    (letter,) = post_account_letters()
    assert letter.to == ["new@example.org"]
    assert Caller().post(address_in(letter), {"token": token_in(letter)}).status_code == 204
    assert Caller().post("auth/login/", login).status_code == 200
    again = Caller().post("auth/verify-email/", {"token": token_in(letter)})
    assert (again.status_code, pointers(again)) == (400, {"/token": "invalid"})
    assert post_account_letters() == []


def test_elsewhere_it_can_be_done_at_any_time() -> None:
    registered = Caller().post("auth/register/", BODY)
    assert set(registered.json()["tokens"]) == {"refresh", "access"}
    assert Caller().post("auth/verify-email/", {"token": token_in(post_account_letters()[0])}).status_code == 204
    assert Caller(access=registered.json()["tokens"]["access"]).get("auth/profile/").json()["is_verified"] is True


def test_a_letter_for_the_new_address() -> None:
    user = make_user(is_verified=True)
    Caller(user).patch("auth/profile/", {"name": "Nobody"})
    assert post_account_letters() == []
    Caller(user).patch("auth/profile/", {"email": "other@example.org"})
    letters = [letter for letter in post_account_letters() if letter.to == ["other@example.org"]]
    assert Caller().post("auth/verify-email/", {"token": token_in(letters[-1])}).status_code == 204
    user.refresh_from_db()
    assert user.is_verified


@pytest.mark.parametrize("route", ["password-reset/", "verify-email/resend/"])
def test_the_answer_tells_nothing_of_who_has_an_account(route: str) -> None:
    make_user("anna")
    answers = [Caller().post(f"auth/{route}", {"email": f"{name}@example.org"}) for name in ("anna", "nobody")]
    assert [(answer.status_code, answer.content) for answer in answers] == [(204, b"")] * 2
    assert {letter.to[0] for letter in post_account_letters()} == {"anna@example.org"}


@pytest.mark.parametrize("route", ["password-reset/", "verify-email/resend/"])
def test_nor_do_the_queries(route: str) -> None:
    make_user("anna")
    asked = []
    for name in ("anna", "nobody"):
        with CaptureQueriesContext(connection) as queries:
            Caller().post(f"auth/{route}", {"email": f"{name}@example.org"})
        asked.append([re.sub(r"'[^']*'|\d+|NULL", "?", query["sql"]) for query in queries])
    assert asked[0] == asked[1]


def test_a_forgotten_password() -> None:
    user = make_user("anna")
    caller = Caller(user)
    Caller().post("auth/password-reset/", {"email": "ANNA@example.org"})
    letter = next(letter for letter in post_account_letters() if "password" in letter.subject)
    body = {"token": token_in(letter), "new_password": NEW}
    mismatch = Caller().post("auth/password-reset/confirm/", {**body, "new_password_confirm": "other"})
    assert (mismatch.status_code, pointers(mismatch)) == (400, {"/new_password_confirm": "mismatch"})
    weak = Caller().post("auth/password-reset/confirm/", {**body, "new_password": "password1"})
    assert pointers(weak) == {"/new_password": "password_too_common"}
    assert Caller().post(address_in(letter), body).status_code == 204
    assert caller.get("tasks/").status_code == 401
    assert Caller().post("auth/login/", {"username": "anna", "password": NEW}).status_code == 200
    assert Caller().post("auth/password-reset/confirm/", body).status_code == 400


def test_made_up_tokens_are_counted() -> None:
    body = {"token": "1.2.3", "new_password": NEW}
    statuses = [Caller().post("auth/password-reset/confirm/", body).status_code for _ in range(11)]
    assert statuses == [400] * 10 + [429]


@pytest.mark.parametrize("token", ["", "\u0000", "1", "1.2", "9" * 100 + ".a.b", "١.a.b", "x" * 201, 5, None, []])
def test_rubbish_is_a_bad_field(token: Any) -> None:
    for route, more in (("verify-email/", {}), ("password-reset/confirm/", {"new_password": NEW})):
        answer = Caller().post(f"auth/{route}", {"token": token, **more})
        assert answer.status_code == 400
        assert list(pointers(answer)) == ["/token"]


@override_settings(BATON_BASE_URL="https://tasks.example.com", ALLOWED_HOSTS=["*"])
def test_addresses_are_the_operators() -> None:
    make_user("anna")
    Caller().post(
        "auth/password-reset/",
        {"email": "anna@example.org"},
        HTTP_HOST="evil.example",
        HTTP_X_FORWARDED_HOST="evil.example",
    )
    for letter in post_account_letters():
        assert "https://tasks.example.com/" in letter.body
        assert "evil.example" not in str(letter.message())


def test_an_invitation(cast: Cast) -> None:
    path = f"projects/{cast.project.pk}/invitations/"
    made = Caller(cast.owner).post(path, {"email": "Otto@example.org", "role": "viewer"})
    assert made.status_code == 201
    assert list(made.json()) == ["id", "project", "email", "role", "invited_by", "created_at", "expires_at"]
    assert [row["id"] for row in Caller(cast.owner).get(path).json()["results"]] == [made.json()["id"]]
    letter = next(letter for letter in post_account_letters() if letter.to == ["Otto@example.org"])
    token = token_in(letter)
    assert token not in made.content.decode()
    assert Caller().post("invitations/accept/", {"token": token}).status_code == 401
    outsider = Caller(cast.outsider)
    refused = outsider.post("invitations/accept/", {"token": token})
    assert (refused.status_code, refused.json()["code"]) == (403, "email_not_verified")
    User.objects.filter(pk__in=(cast.outsider.pk, cast.editor.pk)).update(is_verified=True)
    assert Caller(cast.editor).post("invitations/accept/", {"token": token}).status_code == 403
    accepted = outsider.post("invitations/accept/", {"token": token})
    assert (accepted.status_code, accepted.json()["id"]) == (200, cast.project.pk)
    assert Member.objects.get(project=cast.project, user=cast.outsider).role == "viewer"
    assert outsider.post("invitations/accept/", {"token": token}).status_code == 400
    assert Caller(cast.owner).get(path).json()["results"] == []


def test_whom_a_project_invited_is_for_its_owners(cast: Cast) -> None:
    path = f"projects/{cast.project.pk}/invitations/"
    invitation = Caller(cast.owner).post(path, {"email": "new@example.org"}).json()
    item = f"{path}{invitation['id']}/"
    for who, status in ((cast.editor, 403), (cast.viewer, 403), (cast.outsider, 404)):
        assert Caller(who).get(path).status_code == status
        assert Caller(who).get(item).status_code == status
        assert Caller(who).post(path, {"email": "x@example.org"}).status_code == status
        assert Caller(who).delete(item).status_code == status
    assert "example.org" not in Caller(cast.viewer).get("events/?page_size=200").content.decode()
    assert Caller(cast.owner).delete(item).status_code == 204
    assert Caller(cast.owner).delete(item).status_code == 404


@override_settings(BATON_REGISTRATION="closed")
def test_closed_registration_lets_nobody_in(cast_of_closed: Cast) -> None:
    before = User.objects.count()
    refused = Caller().post("auth/register/", BODY)
    assert (refused.status_code, refused.json()["code"]) == (403, "registration_closed")
    token = invite_new(cast_of_closed)
    assert Caller().post("auth/register/", {**BODY, "invitation": token}).status_code == 403
    assert User.objects.count() == before


@override_settings(BATON_REGISTRATION="invited")
def test_by_invitation_only_those_with_the_letter_come_in(cast_of_closed: Cast) -> None:
    token = invite_new(cast_of_closed)
    assert Caller().post("auth/register/", BODY).status_code == 403
    other = Caller().post("auth/register/", {**BODY, "email": "other@example.org", "invitation": token})
    assert other.status_code == 403
    forged = Caller().post("auth/register/", {**BODY, "invitation": "1.2.3"})
    assert (forged.status_code, pointers(forged)) == (400, {"/invitation": "invalid"})
    with override_settings(BATON_REQUIRE_VERIFIED_EMAIL=True):
        came = Caller().post("auth/register/", {**BODY, "invitation": token})
    assert came.status_code == 201
    assert came.json()["is_verified"] is True
    accepted = Caller(access=came.json()["tokens"]["access"]).post("invitations/accept/", {"token": token})
    assert accepted.status_code == 200


def invite_new(cast: Cast) -> str:
    path = f"projects/{cast.project.pk}/invitations/"
    assert Caller(cast.owner).post(path, {"email": "new@example.org"}).status_code == 201
    return token_in(next(letter for letter in post_account_letters() if letter.to == ["new@example.org"]))


@pytest.fixture
def cast_of_closed() -> Cast:
    """Return the people, who came while registration was open."""
    with override_settings(BATON_REGISTRATION="open"):
        owner, editor, viewer = make_user("olga"), make_user("edgar"), make_user("vera")
        outsider, newcomer = make_user("otto"), make_user("nina", email=None)
        return Cast(owner, editor, viewer, outsider, newcomer, make_project(owner))
