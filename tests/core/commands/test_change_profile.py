from __future__ import annotations

import pytest

from baton.core.actor import SYSTEM
from baton.core.commands.accounts import change_profile
from baton.core.errors import DeadCredential, Denied, Invalid, Stale
from baton.core.models import Event, User
from tests.factories import actor_of, make_user

pytestmark = pytest.mark.django_db


def test_works_and_records_what_changed() -> None:
    user = make_user("anna")
    changed = change_profile(actor_of(user), {"name": "Anna", "timezone": "Asia/Tokyo", "language": "en"})
    assert (changed.name, changed.timezone, changed.version) == ("Anna", "Asia/Tokyo", 2)
    event = Event.objects.get(verb="user.profile_changed")
    assert event.changes == {"name": ["", "Anna"], "timezone": ["UTC", "Asia/Tokyo"]}
    assert (event.actor_id, event.user_id, event.project_id) == (user.pk, user.pk, None)


def test_twice_is_once() -> None:
    user = make_user("anna")
    for _ in range(2):
        assert change_profile(actor_of(user), {"name": "Anna"}).version == 2
    assert Event.objects.filter(verb="user.profile_changed").count() == 1


def test_changes_only_the_actors_account() -> None:
    anna, boris = make_user("anna"), make_user("boris")
    change_profile(actor_of(anna), {"name": "Anna"})
    boris.refresh_from_db()
    assert (boris.name, boris.version) == ("", 1)


def test_a_new_address_is_not_verified() -> None:
    user = make_user("anna")
    User.objects.filter(pk=user.pk).update(is_verified=True)
    assert not change_profile(actor_of(user), {"email": "new@example.org"}).is_verified
    assert Event.objects.get(verb="user.profile_changed").changes["is_verified"] == [True, False]


def test_a_stale_version_changes_nothing() -> None:
    user = make_user("anna")
    with pytest.raises(Stale):
        change_profile(actor_of(user), {"name": "Anna"}, expected_version=2)
    assert User.objects.get().name == ""


def test_bad_input_changes_nothing() -> None:
    make_user("boris")
    user = make_user("anna")
    with pytest.raises(Invalid) as refusal:
        change_profile(actor_of(user), {"name": "Anna", "username": "Boris", "email": "x"})
    assert [error.pointer for error in refusal.value.errors] == ["/username", "/email"]
    user.refresh_from_db()
    assert (user.name, user.username) == ("", "anna")


def test_is_for_living_accounts_only() -> None:
    user = make_user()
    User.objects.filter(pk=user.pk).update(is_active=False)
    with pytest.raises(DeadCredential):
        change_profile(actor_of(user), {"name": "Anna"})
    with pytest.raises(Denied):
        change_profile(SYSTEM, {"name": "Anna"})


def test_a_name_in_parts() -> None:
    user = make_user("anna")
    change_profile(actor_of(user), {"first_name": "Anna Maria", "last_name": "Berg"})
    changed = change_profile(actor_of(user), {"last_name": "Bach"})
    assert (changed.name, changed.first_name, changed.last_name) == ("Anna Maria Bach", "Anna Maria", "Bach")
    assert Event.objects.latest("pk").changes == {
        "name": ["Anna Maria Berg", "Anna Maria Bach"],
        "last_name": ["Berg", "Bach"],
    }


def test_another_name_has_no_known_parts() -> None:
    user = make_user("anna")
    change_profile(actor_of(user), {"first_name": "Anna Maria", "last_name": "Berg"})
    assert change_profile(actor_of(user), {"name": "Anna Maria Berg"}).first_name == "Anna Maria"
    changed = change_profile(actor_of(user), {"name": "Anna Bach"})
    assert (changed.first_name, changed.last_name) == ("", "")
    changed = change_profile(actor_of(user), {"first_name": "Hanna"})
    assert (changed.name, changed.last_name) == ("Hanna Bach", "Bach")


def test_long_parts_are_kept_whole() -> None:
    user = make_user("anna")
    changed = change_profile(actor_of(user), {"first_name": "x" * 255, "last_name": "y" * 255})
    assert (changed.name, changed.first_name, changed.last_name) == ("x" * 150, "x" * 255, "y" * 255)


@pytest.mark.parametrize("part", ["x" * 256, "a\nb", "a\0b"])
@pytest.mark.parametrize("field", ["first_name", "last_name"])
def test_bad_parts_change_nothing(field: str, part: str) -> None:
    user = make_user("anna")
    with pytest.raises(Invalid) as refusal:
        change_profile(actor_of(user), {field: part})  # type: ignore[misc]
    assert [error.pointer for error in refusal.value.errors] == [f"/{field}"]
    user.refresh_from_db()
    assert (user.name, user.first_name, user.last_name) == ("", "", "")
