from __future__ import annotations

import threading

import pytest
from django.db import connection

from baton.core.commands.accounts import change_password
from baton.core.commands.sessions import open_session
from baton.core.errors import Conflict, CoreError, DeadCredential, Invalid
from baton.core.models import Event, Session, User
from baton.surfaces.wire.credentials import REFRESH_LIFETIME
from tests.factories import NOBODY, PASSWORD, actor_of, make_user

pytestmark = pytest.mark.django_db

NEW = "a lantern in fog"


def test_works_and_ends_every_session_of_every_surface() -> None:
    user, other = make_user(), make_user()
    for who, audience in ((user, "native"), (user, "tasktable"), (other, "native")):
        open_session(NOBODY, who, audience, REFRESH_LIFETIME)
    changed = change_password(actor_of(user), PASSWORD, NEW, "net")
    assert (changed.token_epoch, changed.version) == (1, 2)
    assert User.objects.get(pk=user.pk).check_password(NEW)
    assert list(Session.objects.filter(ended_at=None).values_list("user_id", flat=True)) == [other.pk]


def test_records_it_without_a_password() -> None:
    user = make_user()
    change_password(actor_of(user), PASSWORD, NEW, "net")
    event = Event.objects.get(verb="user.password_changed")
    assert (event.actor_id, event.user_id, event.changes, event.data) == (user.pk, user.pk, {}, {})


def test_twice_needs_the_new_one() -> None:
    user = make_user()
    change_password(actor_of(user), PASSWORD, NEW, "net")
    with pytest.raises(Invalid):
        change_password(actor_of(user), PASSWORD, NEW, "net")
    assert User.objects.get().token_epoch == 1


@pytest.mark.parametrize("old, new", [("wrong one", NEW), (PASSWORD, "short"), (PASSWORD, "password1")])
def test_bad_input_changes_nothing(old: str, new: str) -> None:
    user = make_user()
    before = User.objects.values().get()
    with pytest.raises(Invalid):
        change_password(actor_of(user), old, new, "net")
    assert User.objects.values().get() == before
    assert not Event.objects.filter(verb="user.password_changed").exists()


def test_is_for_living_accounts_only() -> None:
    user = make_user()
    User.objects.filter(pk=user.pk).update(is_active=False)
    with pytest.raises(DeadCredential):
        change_password(actor_of(user), PASSWORD, NEW, "net")


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_told() -> None:
    user = make_user()
    start = threading.Barrier(2)
    refused: list[CoreError] = []

    def change(new: str) -> None:
        start.wait()
        try:
            change_password(actor_of(user), PASSWORD, new, "net")
        except (Conflict, Invalid) as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=change, args=(new,)) for new in (NEW, "a mist over the moor")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert User.objects.get().token_epoch == 1
