from __future__ import annotations

from typing import Any

import pytest
from django.test import override_settings

from baton.core.commands.accounts import change_profile, register_user
from baton.core.errors import FieldError, Invalid
from baton.core.models import Event, Member, Project, User
from tests.factories import NOBODY, PASSWORD, actor_of, make_user
from tests.traces import nothing_changes

pytestmark = pytest.mark.django_db


def test_works() -> None:
    user = register_user(NOBODY, PASSWORD, {"username": "anna", "email": "anna@example.org", "name": "Anna"})
    user.refresh_from_db()
    assert (user.username, user.email, user.name, user.timezone, user.language) == (
        "anna",
        "anna@example.org",
        "Anna",
        "UTC",
        "en",
    )
    assert user.check_password(PASSWORD)
    assert (user.is_staff, user.is_superuser, user.is_verified) == (False, False, False)


def test_gives_an_inbox_of_ones_own() -> None:
    user = make_user()
    inbox = Project.objects.get(owner=user)
    assert (inbox.is_inbox, inbox.key, inbox.visibility) == (True, f"IN{user.pk}", "private")
    assert list(Member.objects.filter(project=inbox).values_list("user_id", "role")) == [(user.pk, "owner")]


def test_twice_is_refused() -> None:
    make_user("anna")
    with pytest.raises(Invalid) as refusal:
        make_user("anna")
    assert {(error.pointer, error.code) for error in refusal.value.errors} == {
        ("/username", "taken"),
        ("/email", "taken"),
    }


def test_needs_no_address() -> None:
    assert [make_user(email=None).email, make_user(email="").email] == [None, None]


def test_records_it() -> None:
    user = make_user("anna")
    event = Event.objects.get(verb="user.registered")
    assert (event.actor_id, event.user_id, event.project_id, event.data) == (
        user.pk,
        user.pk,
        None,
        {"username": "anna"},
    )
    assert event.at == user.created_at


@pytest.mark.parametrize("password, lenient, works", [("1", True, True), ("1", False, False), (PASSWORD, False, True)])
def test_a_dialect_may_be_lenient_about_passwords(password: str, lenient: bool, works: bool) -> None:
    if works:
        assert register_user(NOBODY, password, {"username": "anna"}, lenient_password=lenient).check_password(password)
        return
    with pytest.raises(Invalid):
        register_user(NOBODY, password, {"username": "anna"}, lenient_password=lenient)


@pytest.mark.parametrize(
    "fields, pointer",
    [
        ({"username": ""}, "/username"),
        ({"username": "an na"}, "/username"),
        ({"email": "anna"}, "/email"),
        ({"name": "x" * 151}, "/name"),
        ({"name": "a\rb"}, "/name"),
        ({"timezone": ""}, "/timezone"),
        ({"language": "tlh"}, "/language"),
    ],
)
def test_bad_input_changes_nothing(fields: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Invalid) as refusal:
        register_user(NOBODY, PASSWORD, {"username": "anna", **fields})  # type: ignore[typeddict-item]
    assert [error.pointer for error in refusal.value.errors] == [pointer]
    assert (User.objects.count(), Project.objects.count(), Event.objects.count()) == (0, 0, 0)


def test_what_the_surface_found_comes_with_the_rest() -> None:
    found = [FieldError("/password_confirm", "mismatch", "Different.")]
    with pytest.raises(Invalid) as refusal:
        register_user(NOBODY, PASSWORD, {"username": ""}, found=found)
    assert [error.pointer for error in refusal.value.errors] == ["/password_confirm", "/username"]
    with pytest.raises(Invalid):
        register_user(NOBODY, PASSWORD, {"username": "anna"}, found=found)
    assert not User.objects.exists()


def test_a_dialect_may_take_any_password_unless_the_operator_wants_none_of_that() -> None:
    user = register_user(NOBODY, "abc", {"username": "peter"}, lenient_password=True)
    assert user.check_password("abc")
    for password in ("", "x" * 1001):
        with nothing_changes(), pytest.raises(Invalid) as refused:
            register_user(NOBODY, password, {"username": "paul"}, lenient_password=True)
        assert [error.pointer for error in refused.value.errors] == ["/password"]
    with override_settings(BATON_STRICT_PASSWORDS=True), nothing_changes(), pytest.raises(Invalid):
        register_user(NOBODY, "abc", {"username": "paul"}, lenient_password=True)


def test_a_dialect_may_take_any_line_for_a_name() -> None:
    user = register_user(NOBODY, PASSWORD, {"username": "Пётр & Söhne, #1"}, any_username=True)
    assert change_profile(actor_of(user), {"username": user.username, "name": "Peter"}).name == "Peter"
    for name in ("", "  ", "x" * 151, "a\nb", "a\x00b", "\u200fb"):
        with nothing_changes(), pytest.raises(Invalid) as refused:
            register_user(NOBODY, PASSWORD, {"username": name}, any_username=True)
        assert [error.pointer for error in refused.value.errors] == ["/username"]
    with nothing_changes(), pytest.raises(Invalid):
        register_user(NOBODY, PASSWORD, {"username": "пётр & söhne, #1"}, any_username=True)


@override_settings(BATON_REQUIRE_VERIFIED_EMAIL=True)
def test_who_could_never_log_in_is_not_registered() -> None:
    with pytest.raises(Invalid) as refusal, nothing_changes():
        register_user(NOBODY, PASSWORD, {"username": "nina"})

    assert [(error.pointer, error.code) for error in refusal.value.errors] == [("/email", "required")]
    assert register_user(NOBODY, PASSWORD, {"username": "nina"}, by_operator=True).pk
    assert register_user(NOBODY, PASSWORD, {"username": "anna", "email": "anna@example.org"}).pk
