from __future__ import annotations

from typing import Any

import pytest

from baton.core.models import Event, Session, User
from tests.factories import PASSWORD, make_user
from tests.surfaces.api.caller import Caller, pointers

pytestmark = pytest.mark.django_db

NEW = "a lantern in fog"


def change(caller: Caller, **body: Any) -> Any:
    return caller.post("auth/change-password/", {"old_password": PASSWORD, "new_password": NEW, **body})


def test_gives_new_tokens_and_ends_every_other_session() -> None:
    user = make_user("anna")
    here, elsewhere = Caller(user), Caller(user)
    refresh = Caller().post("auth/login/", {"username": "anna", "password": PASSWORD}).json()["refresh"]
    answer = change(here)
    assert answer.status_code == 200
    assert list(answer.json()) == ["refresh", "access"]
    assert here.get("auth/profile/").status_code == 401
    assert elsewhere.get("auth/profile/").status_code == 401
    assert Caller().post("auth/refresh/", {"refresh": refresh}).status_code == 401
    assert Caller(access=answer.json()["access"]).get("auth/profile/").status_code == 200
    assert Session.objects.filter(user=user, ended_at=None).count() == 1


def test_the_new_password_logs_in_and_the_old_one_does_not() -> None:
    change(Caller(make_user("anna")))
    statuses = {
        password: Caller().post("auth/login/", {"username": "anna", "password": password}).status_code
        for password in (PASSWORD, NEW)
    }
    assert statuses == {PASSWORD: 401, NEW: 200}


def test_takes_the_other_names_of_the_fields() -> None:
    body = {"current_password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW}
    assert Caller(make_user()).post("auth/change-password/", body).status_code == 200


def test_names_the_field_as_it_was_sent() -> None:
    body = {"current_password": "wrong one", "new_password": NEW}
    assert pointers(Caller(make_user()).post("auth/change-password/", body)) == {"/current_password": "wrong"}


@pytest.mark.parametrize(
    "body, expected",
    [
        ({"old_password": "wrong one"}, {"/old_password": "wrong"}),
        (
            {"old_password": "wrong one", "new_password": "short"},
            {"/old_password": "wrong", "/new_password": "password_too_short"},
        ),
        ({"new_password": "password1"}, {"/new_password": "password_too_common"}),
        ({"new_password": "x" * 1001}, {"/new_password": "max_length"}),
        ({"new_password_confirm": "another"}, {"/new_password_confirm": "mismatch"}),
        ({"current_password": PASSWORD}, {"/current_password": "ambiguous"}),
        ({"new_password": None}, {"/new_password": "null"}),
        ({"user_id": 1}, {"/user_id": "unknown_field"}),
    ],
)
def test_bad_input_changes_nothing(body: dict[str, Any], expected: dict[str, str]) -> None:
    user = make_user("anna")
    caller = Caller(user)
    before = User.objects.values().get()
    answer = change(caller, **body)
    assert answer.status_code == 400
    assert pointers(answer) == expected
    assert User.objects.values().get() == before
    assert caller.get("auth/profile/").status_code == 200
    assert not Event.objects.filter(verb="user.password_changed").exists()


def test_names_all_that_is_missing() -> None:
    answer = Caller(make_user()).post("auth/change-password/", {})
    assert pointers(answer) == {"/old_password": "required", "/new_password": "required"}


def test_nobody_has_no_password() -> None:
    assert change(Caller()).status_code == 401


def test_keeps_no_answer_that_holds_tokens() -> None:
    caller = Caller(make_user())
    body = {"old_password": PASSWORD, "new_password": NEW}
    first = caller.post("auth/change-password/", body, HTTP_IDEMPOTENCY_KEY="k")
    again = Caller(access=first.json()["access"]).post("auth/change-password/", body, HTTP_IDEMPOTENCY_KEY="k")
    assert (first.status_code, again.status_code) == (200, 400)
