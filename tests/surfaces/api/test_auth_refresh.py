from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from baton.core.commands.sessions import open_session
from baton.core.models import Event, Session, User
from baton.surfaces.wire.credentials import AUDIENCE, REFRESH_LIFETIME, token_pair
from tests.factories import NOBODY, make_user
from tests.surfaces.api.caller import Caller, pointers


def tokens_of(user: User) -> dict[str, str]:
    return token_pair(open_session(NOBODY, user, AUDIENCE, REFRESH_LIFETIME), user)


def refresh(token: object, **headers: str) -> Any:
    return Caller().post("auth/refresh/", {"refresh": token}, **headers)


def is_good(access: str) -> bool:
    answer = Caller(access=access).get("auth/profile/")
    assert answer.status_code in (200, 401)
    return bool(answer.status_code == 200)


@pytest.mark.django_db
def test_gives_the_next_pair() -> None:
    first = tokens_of(make_user())
    answer = refresh(first["refresh"])
    assert answer.status_code == 200
    second = answer.json()
    assert list(second) == ["access", "refresh"]
    assert second["refresh"] != first["refresh"]
    assert is_good(second["access"])
    assert refresh(second["refresh"]).status_code == 200


@pytest.mark.django_db
def test_the_present_access_token_outlives_a_refresh() -> None:
    first = tokens_of(make_user())
    refresh(first["refresh"])
    assert is_good(first["access"])


@pytest.mark.django_db
def test_an_old_token_ends_the_whole_session() -> None:
    user = make_user()
    first, other = tokens_of(user), tokens_of(user)
    second = refresh(first["refresh"]).json()
    again = refresh(first["refresh"])
    assert again.status_code == 401
    assert again.json()["code"] == "token_reused"
    assert refresh(second["refresh"]).status_code == 401
    assert not is_good(first["access"])
    assert not is_good(second["access"])
    assert is_good(other["access"])
    ended = Event.objects.get(verb="session.ended")
    assert (ended.user_id, ended.data["reason"]) == (user.pk, "reuse")


@pytest.mark.django_db(transaction=True)
def test_of_many_uses_at_the_same_instant_one_succeeds() -> None:
    token = tokens_of(make_user())["refresh"]
    start = threading.Barrier(4)
    statuses: list[int] = []

    def use() -> None:
        start.wait()
        try:
            statuses.append(refresh(token).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 401, 401, 401]
    assert Session.objects.get().ended_at is not None


def _deactivate(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def _end(user: User) -> None:
    Session.objects.filter(user=user).update(ended_at=timezone.now())


def _let_run_out(user: User) -> None:
    Session.objects.filter(user=user).update(expires_at=timezone.now() - timedelta(seconds=1))


def _raise_epoch(user: User) -> None:
    User.objects.filter(pk=user.pk).update(token_epoch=1)


def _delete(user: User) -> None:
    Session.objects.filter(user=user).delete()


@pytest.mark.django_db
@pytest.mark.parametrize("happens", [_deactivate, _end, _let_run_out, _raise_epoch, _delete])
def test_what_ends_the_session_ends_its_refresh_token(happens: Callable[[User], None]) -> None:
    user = make_user()
    token = tokens_of(user)["refresh"]
    happens(user)
    answer = refresh(token)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.django_db
def test_an_access_token_is_no_refresh_token() -> None:
    tokens = tokens_of(make_user())
    assert refresh(tokens["access"]).status_code == 401
    assert is_good(tokens["access"])


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["garbage", "a.b.c", "\u0442\u043e\u043a\u0435\u043d", "." * 3999])
def test_garbage_is_refused(token: str) -> None:
    assert refresh(token).status_code == 401


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body, code",
    [
        ({}, "required"),
        ({"refresh": None}, "null"),
        ({"refresh": 5}, "invalid"),
        ({"refresh": "x" * 4001}, "max_length"),
    ],
)
def test_names_what_is_bad(body: dict[str, Any], code: str) -> None:
    answer = Caller().post("auth/refresh/", body)
    assert answer.status_code == 400
    assert pointers(answer) == {"/refresh": code}


@pytest.mark.django_db
def test_works_beside_an_access_token_that_has_run_out() -> None:
    token = tokens_of(make_user())["refresh"]
    assert Caller(access="run.out.token").post("auth/refresh/", {"refresh": token}).status_code == 200


@pytest.mark.django_db
def test_an_idempotency_key_keeps_nothing() -> None:
    token = tokens_of(make_user())["refresh"]
    assert refresh(token, HTTP_IDEMPOTENCY_KEY="k").status_code == 200
    assert refresh(token, HTTP_IDEMPOTENCY_KEY="k").status_code == 401
