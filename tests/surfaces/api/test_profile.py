from __future__ import annotations

from typing import Any

import pytest

from baton.core.models import Event, User
from tests.factories import make_user
from tests.surfaces.api.caller import Caller, pointers

pytestmark = pytest.mark.django_db

PROFILE = "auth/profile/"


def test_shows_oneself_with_a_tag() -> None:
    caller = Caller(make_user("anna", name="Anna"))
    answer = caller.get(PROFILE)
    assert answer.status_code == 200
    assert answer.json()["email"] == "anna@example.org"
    assert answer.headers["ETag"] == '"1"'
    assert caller.get(PROFILE, HTTP_IF_NONE_MATCH='"1"').status_code == 304
    assert Caller().get(PROFILE).status_code == 401


def test_a_patch_touches_only_what_is_sent() -> None:
    user = make_user("anna", name="Anna", timezone="Europe/Moscow")
    answer = Caller(user).patch(PROFILE, {"language": "ru"})
    assert answer.status_code == 200
    body = answer.json()
    assert (body["name"], body["timezone"], body["language"]) == ("Anna", "Europe/Moscow", "ru")
    event = Event.objects.get(verb="user.profile_changed")
    assert (event.user_id, event.project_id, event.changes) == (user.pk, None, {"language": ["en", "ru"]})


def test_null_clears() -> None:
    user = make_user("anna", name="Anna", timezone="Europe/Moscow", language="ru")
    body = Caller(user).patch(PROFILE, {"email": None, "name": None, "timezone": None, "language": None}).json()
    assert (body["email"], body["name"], body["timezone"], body["language"]) == (None, "", "UTC", "en")


def test_put_of_what_was_read_changes_nothing() -> None:
    caller = Caller(make_user("anna", name="Anna"))
    shown = caller.get(PROFILE)
    answer = caller.put(PROFILE, shown.json(), HTTP_IF_MATCH=shown.headers["ETag"])
    assert answer.status_code == 200
    assert answer.json() == shown.json()
    assert answer.headers["ETag"] == shown.headers["ETag"]
    assert not Event.objects.filter(verb="user.profile_changed").exists()


def test_put_gives_what_is_missing_its_default() -> None:
    caller = Caller(make_user("anna", name="Anna", language="ru"))
    body = caller.put(PROFILE, {"username": "anna"}).json()
    assert (body["email"], body["name"], body["language"]) == (None, "", "en")
    assert pointers(caller.put(PROFILE, {})) == {"/username": "required"}


def test_a_stale_tag_changes_nothing() -> None:
    user = make_user("anna")
    caller = Caller(user)
    assert caller.patch(PROFILE, {"name": "First"}, HTTP_IF_MATCH='"1"').status_code == 200
    assert caller.patch(PROFILE, {"name": "Second"}, HTTP_IF_MATCH='"1"').status_code == 412
    assert User.objects.get().name == "First"


def test_a_new_address_has_to_be_verified_again() -> None:
    user = make_user("anna")
    User.objects.filter(pk=user.pk).update(is_verified=True)
    body = Caller(user).patch(PROFILE, {"email": "new@example.org"}).json()
    assert (body["email"], body["is_verified"]) == ("new@example.org", False)


def test_another_case_of_ones_own_name_is_free() -> None:
    assert Caller(make_user("anna")).patch(PROFILE, {"username": "Anna"}).json()["username"] == "Anna"


@pytest.mark.parametrize(
    "body, expected",
    [
        ({"username": "BORIS"}, {"/username": "taken"}),
        ({"email": "Boris@example.org"}, {"/email": "taken"}),
        ({"username": "boris@example.org"}, {"/username": "taken"}),
        ({"email": ""}, {"/email": "blank"}),
        ({"username": None}, {"/username": "null"}),
        (
            {"timezone": "Mars/Olympus", "language": "xx"},
            {"/timezone": "invalid_choice", "/language": "invalid_choice"},
        ),
        ({"timezone": ["UTC"]}, {"/timezone": "invalid"}),
        ({"is_staff": True}, {"/is_staff": "unknown_field"}),
        ({"token_epoch": 7}, {"/token_epoch": "unknown_field"}),
        ({"password": "a lantern in fog"}, {"/password": "unknown_field"}),
    ],
)
def test_bad_input_changes_nothing(body: dict[str, Any], expected: dict[str, str]) -> None:
    make_user("boris")
    caller = Caller(make_user("anna"))
    before = list(User.objects.order_by("pk").values())
    answer = caller.patch(PROFILE, {"name": "Changed", **body})
    assert answer.status_code == 400
    assert pointers(answer) == expected
    assert list(User.objects.order_by("pk").values()) == before


def test_what_nobody_writes_is_passed_over() -> None:
    user = make_user("anna")
    shown = {"id": 999, "uuid": "x", "is_verified": True, "avatar": "a.png", "created_at": "1999-01-01T00:00:00Z"}
    before = Caller(user).get(PROFILE).json()
    assert Caller(user).patch(PROFILE, shown).json() == before
