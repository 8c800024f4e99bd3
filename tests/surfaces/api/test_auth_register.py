from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from baton.core.models import Event, Member, Project, Session, User
from tests.factories import PASSWORD, make_user
from tests.surfaces.api.caller import Caller, pointers


def account(**changes: Any) -> dict[str, Any]:
    return {
        "username": "anna",
        "email": "anna@example.org",
        "password": PASSWORD,
        "password_confirm": PASSWORD,
        **changes,
    }


@pytest.mark.django_db
def test_answers_with_the_profile_and_tokens_that_work() -> None:
    answer = Caller().post("auth/register/", account(name="Anna", timezone="Europe/Moscow", language="ru"))
    assert answer.status_code == 201
    body = answer.json()
    assert list(body) == [
        "id",
        "uuid",
        "username",
        "email",
        "name",
        "avatar",
        "is_verified",
        "timezone",
        "language",
        "created_at",
        "tokens",
    ]
    assert (body["username"], body["email"], body["name"]) == ("anna", "anna@example.org", "Anna")
    assert (body["timezone"], body["language"], body["is_verified"]) == ("Europe/Moscow", "ru", False)
    assert list(body["tokens"]) == ["refresh", "access"]
    tokens = body.pop("tokens")
    assert Caller(access=tokens["access"]).get("auth/profile/").json() == body
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_makes_an_inbox_and_records_what_happened() -> None:
    user_id = Caller().post("auth/register/", account()).json()["id"]
    inbox = Project.objects.get(owner=user_id)
    assert inbox.is_inbox
    assert Member.objects.get(project=inbox).user_id == user_id
    assert list(Event.objects.order_by("id").values_list("verb", "actor_id")) == [
        ("user.registered", user_id),
        ("project.created", user_id),
        ("session.opened", user_id),
    ]


@pytest.mark.django_db
def test_names_every_missing_field() -> None:
    answer = Caller().post("auth/register/", {})
    assert answer.status_code == 400
    assert pointers(answer) == dict.fromkeys(("/username", "/email", "/password", "/password_confirm"), "required")


@pytest.mark.django_db
def test_names_a_mismatch_beside_every_other_bad_field() -> None:
    answer = Caller().post(
        "auth/register/",
        account(
            username="an na", email="anna", password="short", password_confirm="shirt", timezone="Mars", language="xx"
        ),
    )
    assert answer.status_code == 400
    assert pointers(answer) == {
        "/username": "invalid",
        "/email": "invalid",
        "/password": "password_too_short",
        "/password_confirm": "mismatch",
        "/timezone": "invalid_choice",
        "/language": "invalid_choice",
    }
    assert not User.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes, pointer",
    [
        ({"username": "   "}, "/username"),
        ({"username": "a" * 151}, "/username"),
        # Folds to eighteen letters each, which no column holds.
        ({"username": "\ufdfa" * 150}, "/username"),
        ({"username": "an\tna"}, "/username"),
        ({"username": 5}, "/username"),
        ({"username": None}, "/username"),
        ({"email": "a" * 65 + "@" + "b" * 190 + ".org"}, "/email"),
        ({"email": "a@" + "\ufdfa" * 60 + ".org"}, "/email"),
        ({"email": '"a\x01"@example.org'}, "/email"),
        ({"email": "a@b.org\r\nBcc: c@d.org"}, "/email"),
        ({"email": ["a@b.org"]}, "/email"),
        ({"email": None}, "/email"),
        ({"password": "password1", "password_confirm": "password1"}, "/password"),
        ({"password": "x" * 1001, "password_confirm": "x" * 1001}, "/password"),
        ({"name": "Anna\nBcc: c@d.org"}, "/name"),
        ({"name": "a" * 151}, "/name"),
        ({"timezone": "../../etc/passwd"}, "/timezone"),
    ],
)
def test_refuses_a_bad_field_by_name(changes: dict[str, Any], pointer: str) -> None:
    answer = Caller().post("auth/register/", account(**changes))
    assert answer.status_code == 400
    assert set(pointers(answer)) == {pointer}
    assert not User.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "taken, wanted",
    [
        ("anna", "ANNA"),
        ("\u0412\u0430\u0441\u044f", "\u0432\u0430\u0441\u044f"),
        ("stra\u00dfe", "STRASSE"),
        ("\ufb01nn", "finn"),
    ],
)
def test_names_are_unique_without_case(taken: str, wanted: str) -> None:
    assert Caller().post("auth/register/", account(username=taken)).status_code == 201
    answer = Caller().post("auth/register/", account(username=wanted, email="b@example.org"))
    assert answer.status_code == 400
    assert pointers(answer) == {"/username": "taken"}


@pytest.mark.django_db
def test_addresses_are_unique_without_case_and_across_both_columns() -> None:
    make_user("anna")
    make_user("boris@example.org", email=None)
    caller = Caller()
    same = caller.post("auth/register/", account(username="vera", email="ANNA@Example.org"))
    assert pointers(same) == {"/email": "taken"}
    named_like_an_address = caller.post("auth/register/", account(username="anna@example.org", email="v@example.org"))
    assert pointers(named_like_an_address) == {"/username": "taken"}
    addressed_like_a_name = caller.post("auth/register/", account(username="vera", email="Boris@example.org"))
    assert pointers(addressed_like_a_name) == {"/email": "taken"}
    assert User.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    ["is_staff", "is_superuser", "is_active", "token_epoch", "version", "username_folded", "groups", "last_login"],
)
def test_nobody_gives_themselves_rights(name: str) -> None:
    answer = Caller().post("auth/register/", account(**{name: 1}))
    assert answer.status_code == 400
    assert pointers(answer) == {f"/{name}": "unknown_field"}
    assert not User.objects.exists()


@pytest.mark.django_db
def test_passes_over_what_a_profile_shows_but_nobody_writes() -> None:
    shown = {"id": 4_000_000, "uuid": "x", "is_verified": True, "avatar": "a.png", "created_at": "1999-01-01"}
    answer = Caller().post("auth/register/", account(**shown))
    assert answer.status_code == 201
    user = User.objects.get()
    assert (user.pk == 4_000_000, user.is_verified, user.avatar) == (False, False, None)
    assert user.created_at.year > 2000


@pytest.mark.django_db
def test_a_dead_credential_does_not_stand_in_the_way() -> None:
    assert Caller(access="garbage").post("auth/register/", account()).status_code == 201


@pytest.mark.django_db
def test_keeps_no_answer_that_holds_tokens() -> None:
    first = Caller().post("auth/register/", account(), HTTP_IDEMPOTENCY_KEY="k")
    second = Caller().post("auth/register/", account(), HTTP_IDEMPOTENCY_KEY="k")
    assert (first.status_code, second.status_code) == (201, 400)


@pytest.mark.django_db
def test_remembers_what_asked_and_from_where() -> None:
    Caller().post(
        "auth/register/", account(), HTTP_USER_AGENT="curl/8\x00\x7f " + "x" * 300, REMOTE_ADDR="fe80::1%eth0"
    )
    session = Session.objects.get()
    assert session.user_agent.startswith("curl/8 xxx")
    assert len(session.user_agent) == 200
    assert session.address == "fe80::1"


@pytest.mark.django_db
def test_an_address_that_is_none_is_not_remembered() -> None:
    assert Caller().post("auth/register/", account(), REMOTE_ADDR="unix:").status_code == 201
    assert Session.objects.get().address is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "second, pointer",
    [({"username": "ANNA", "email": "b@example.org"}, "/username"), ({"username": "vera"}, "/email")],
)
def test_of_two_at_the_same_instant_one_gets_the_name(second: dict[str, str], pointer: str) -> None:
    start = threading.Barrier(2)
    answers: list[Any] = []

    def register(body: dict[str, Any]) -> None:
        start.wait()
        try:
            answers.append(Caller().post("auth/register/", body))
        finally:
            connection.close()

    threads = [threading.Thread(target=register, args=(body,)) for body in (account(), account(**second))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [201, 400]
    (refused,) = [answer for answer in answers if answer.status_code == 400]
    assert set(pointers(refused)) <= {"/username", "/email"}
    assert pointer in pointers(refused)
    assert User.objects.count() == 1
