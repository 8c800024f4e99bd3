from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.utils import timezone

from baton.core.commands import sessions
from baton.core.commands.sessions import check_login, open_session
from baton.core.models import Event, User
from tests.factories import NOBODY, PASSWORD, make_user

pytestmark = pytest.mark.django_db


def test_works() -> None:
    user = make_user()
    session = open_session(NOBODY, user, "native", timedelta(days=3), user_agent="x" * 500, address="::1")
    session.refresh_from_db()
    assert (session.user_id, session.audience, session.address, session.ended_at) == (user.pk, "native", "::1", None)
    assert session.user_agent == "x" * 200
    assert timedelta(days=2, hours=23) < session.expires_at - timezone.now() <= timedelta(days=3)


def test_is_the_last_login() -> None:
    user = make_user()
    changed_at = user.updated_at
    session = open_session(NOBODY, user, "native", timedelta(1))
    user.refresh_from_db()
    assert (user.last_login, user.updated_at) == (session.created_at, changed_at)


def test_twice_is_two() -> None:
    user = make_user()
    sessions = [open_session(NOBODY, user, "native", timedelta(1)) for _ in range(2)]
    assert sessions[0].pk != sessions[1].pk
    assert sessions[0].refresh_id != sessions[1].refresh_id


def test_records_who_came_in() -> None:
    user = make_user()
    session = open_session(NOBODY, user, "taskapi", timedelta(1))
    event = Event.objects.get(verb="session.opened")
    assert (event.actor_id, event.user_id, event.project_id) == (user.pk, user.pk, None)
    assert event.data == {"session": session.pk, "audience": "taskapi"}


@pytest.mark.parametrize("login", ["anna", "Anna", "ANNA@example.org"])
def test_the_right_password_opens(login: str) -> None:
    user = make_user("anna")
    assert check_login(login, PASSWORD, "net") == user


@pytest.mark.parametrize("login, password", [("anna", "wrong one"), ("anna", ""), ("nobody", PASSWORD), ("", PASSWORD)])
def test_anything_else_does_not(login: str, password: str) -> None:
    make_user("anna", email=None)
    assert check_login(login, password, "net") is None


def test_who_has_no_password_does_not_log_in() -> None:
    User.objects.create_user("anna", password=None)
    assert check_login("anna", "", "net") is None


def test_an_older_hash_is_renewed() -> None:
    user = make_user("anna")
    User.objects.filter(pk=user.pk).update(password=make_password(PASSWORD, hasher="pbkdf2_sha256"))
    assert check_login("anna", PASSWORD, "net") == user
    stored = User.objects.get().password
    assert identify_hasher(stored).algorithm != "pbkdf2_sha256"
    assert check_password(PASSWORD, stored)


def test_renewing_a_hash_never_undoes_a_change_of_password() -> None:
    user = make_user("anna")
    User.objects.filter(pk=user.pk).update(password="set elsewhere")
    sessions._rehash(user, PASSWORD)
    assert User.objects.get().password == "set elsewhere"
