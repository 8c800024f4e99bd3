from __future__ import annotations

import pytest

from baton.core.commands.sessions import open_session
from baton.core.models import Event, Session, User
from baton.surfaces.wire.credentials import AUDIENCE, REFRESH_LIFETIME, token_pair
from tests.factories import NOBODY, make_user
from tests.surfaces.api.caller import Caller, pointers

pytestmark = pytest.mark.django_db


def tokens_of(user: User) -> dict[str, str]:
    return token_pair(open_session(NOBODY, user, AUDIENCE, REFRESH_LIFETIME), user)


def open_sessions(user: User) -> int:
    return Session.objects.filter(user=user, ended_at=None).count()


def test_ends_the_session_of_the_refresh_token() -> None:
    user = make_user()
    tokens, other = tokens_of(user), tokens_of(user)
    answer = Caller().post("auth/logout/", {"refresh": tokens["refresh"]})
    assert answer.status_code == 204
    assert not answer.content
    assert Caller(access=tokens["access"]).get("auth/profile/").status_code == 401
    assert Caller().post("auth/refresh/", {"refresh": tokens["refresh"]}).status_code == 401
    assert Caller(access=other["access"]).get("auth/profile/").status_code == 200


def test_records_it_once() -> None:
    user = make_user()
    refresh = tokens_of(user)["refresh"]
    for _ in range(2):
        assert Caller().post("auth/logout/", {"refresh": refresh}).status_code == 204
    ended = Event.objects.get(verb="session.ended")
    assert (ended.actor_id, ended.user_id, ended.data["reason"]) == (user.pk, user.pk, "logout")


@pytest.mark.parametrize("body", [None, {}])
def test_without_a_token_it_ends_the_present_session(body: object) -> None:
    user = make_user()
    tokens, other = tokens_of(user), tokens_of(user)
    caller = Caller(access=tokens["access"])
    assert caller.post("auth/logout/", body).status_code == 204
    assert caller.get("auth/profile/").status_code == 401
    assert caller.post("auth/logout/", body).status_code == 401
    assert Caller(access=other["access"]).get("auth/profile/").status_code == 200


def test_nobody_can_not_log_out() -> None:
    assert Caller().post("auth/logout/").status_code == 401


def test_a_refresh_token_ends_its_session_beside_an_access_token_that_has_run_out() -> None:
    user = make_user()
    assert (
        Caller(access="run.out.token").post("auth/logout/", {"refresh": tokens_of(user)["refresh"]}).status_code == 204
    )
    assert open_sessions(user) == 0


def test_an_older_refresh_token_ends_its_session_too() -> None:
    user = make_user()
    first = tokens_of(user)
    second = Caller().post("auth/refresh/", {"refresh": first["refresh"]}).json()
    assert Caller().post("auth/logout/", {"refresh": first["refresh"]}).status_code == 204
    assert Caller(access=second["access"]).get("auth/profile/").status_code == 401


def test_somebody_elses_token_ends_nothing() -> None:
    anna, boris = make_user("anna"), make_user("boris")
    caller = Caller(anna)
    answer = caller.post("auth/logout/", {"refresh": tokens_of(boris)["refresh"]})
    assert answer.status_code == 400
    assert pointers(answer) == {"/refresh": "foreign"}
    assert (open_sessions(anna), open_sessions(boris)) == (1, 1)


@pytest.mark.parametrize("kind", ["garbage", "access"])
def test_a_token_that_is_no_refresh_token_ends_nothing(kind: str) -> None:
    user = make_user()
    tokens = tokens_of(user)
    caller = Caller(access=tokens["access"])
    assert caller.post("auth/logout/", {"refresh": tokens.get(kind, kind)}).status_code == 401
    assert open_sessions(user) == 1


def test_null_is_no_token() -> None:
    user = make_user()
    answer = Caller(user).post("auth/logout/", {"refresh": None})
    assert answer.status_code == 400
    assert pointers(answer) == {"/refresh": "null"}
    assert open_sessions(user) == 1
