"""What administrators do with accounts: works · twice · denied · event recorded · bad input changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group

from baton.core.actor import SYSTEM
from baton.core.commands import account_upkeep
from baton.core.commands.account_upkeep import (
    change_rights,
    deactivate_user,
    edit_account,
    end_session_of,
    ensure_inbox,
    reactivate_user,
    set_password,
)
from baton.core.errors import Conflict, CoreError, Denied, Invalid, NotFound
from baton.core.models import Event, Project, Session, User
from tests.cast import Cast
from tests.factories import NOBODY, PASSWORD, actor_of, bearer
from tests.traces import nothing_changes


def make_staff(name: str = "staff", **rights: bool) -> User:
    return User.objects.create_user(name, None, PASSWORD, is_staff=True, **rights)


def told_of(user: User) -> list[str]:
    return list(Event.objects.filter(user=user, project=None).order_by("id").values_list("verb", flat=True))


def test_deactivation_ends_every_session(cast: Cast) -> None:
    bearer(cast.editor)
    staff = make_staff()

    user = deactivate_user(actor_of(staff), cast.editor.pk)

    assert (user.is_active, user.token_epoch) == (False, 1)
    assert not Session.objects.filter(user=user, ended_at=None).exists()
    event = Event.objects.latest("id")
    assert (event.verb, event.actor, event.user) == ("user.deactivated", staff, user)
    with nothing_changes():
        deactivate_user(actor_of(staff), cast.editor.pk)


def test_reactivation_opens_no_old_session(cast: Cast) -> None:
    bearer(cast.editor)
    deactivate_user(SYSTEM, cast.editor.pk)

    user = reactivate_user(SYSTEM, cast.editor.pk)

    assert user.is_active
    assert not Session.objects.filter(user=user, ended_at=None).exists()
    assert told_of(user)[-2:] == ["user.deactivated", "user.reactivated"]
    with nothing_changes():
        reactivate_user(SYSTEM, cast.editor.pk)


@pytest.mark.parametrize(
    "name, values",
    [
        ("deactivate_user", ()),
        ("reactivate_user", ()),
        ("edit_account", ({"name": "New"},)),
        ("change_rights", ({"is_superuser": True},)),
        ("set_password", ("another horse 9 battery",)),
    ],
)
def test_the_rights(cast: Cast, name: str, values: tuple[Any, ...]) -> None:
    root, staff = make_staff("root", is_superuser=True), make_staff()
    command = getattr(account_upkeep, name)

    with nothing_changes():
        for actor, target in ((cast.owner, cast.editor), (cast.editor, cast.editor), (staff, root)):
            with pytest.raises(Denied):
                command(actor_of(actor), target.pk, *values)
        with pytest.raises(NotFound):
            command(actor_of(root), 0, *values)


def test_the_rights_over_sessions(cast: Cast) -> None:
    bearer(cast.editor)
    session = Session.objects.get(user=cast.editor)

    with nothing_changes(), pytest.raises(Denied):
        end_session_of(actor_of(cast.owner), session.pk)
    end_session_of(actor_of(make_staff()), session.pk)

    assert Event.objects.latest("id").data == {"session": session.pk, "reason": "admin"}


def test_a_deactivated_administrator_has_no_rights(cast: Cast) -> None:
    staff = make_staff()
    deactivate_user(SYSTEM, staff.pk)

    with nothing_changes(), pytest.raises(Denied):
        deactivate_user(actor_of(staff), cast.editor.pk)


def test_only_superusers_give_rights(cast: Cast) -> None:
    root, staff = make_staff("root", is_superuser=True), make_staff()
    group = Group.objects.create(name="Gardeners")

    with nothing_changes(), pytest.raises(Denied):
        change_rights(actor_of(staff), staff.pk, {"is_superuser": True})
    change_rights(actor_of(root), cast.editor.pk, {"is_staff": True, "groups": [group.pk]})

    assert Event.objects.latest("id").changes == {"is_staff": [False, True], "groups": [[], ["Gardeners"]]}
    assert list(User.objects.get(pk=cast.editor.pk).groups.all()) == [group]
    with nothing_changes():
        change_rights(actor_of(root), cast.editor.pk, {"is_staff": True, "groups": [group.pk]})


def test_nobody_locks_themselves_out(db: None) -> None:
    root = make_staff("root", is_superuser=True)

    with nothing_changes():
        with pytest.raises(Conflict):
            deactivate_user(actor_of(root), root.pk)
        with pytest.raises(Conflict):
            change_rights(actor_of(root), root.pk, {"is_superuser": False})


def test_another_password_ends_every_session(cast: Cast) -> None:
    bearer(cast.editor)

    user = set_password(SYSTEM, cast.editor.pk, "another horse 9 battery")

    assert user.check_password("another horse 9 battery")
    assert user.token_epoch == 1
    assert not Session.objects.filter(user=user, ended_at=None).exists()
    assert told_of(user)[-1] == "user.password_set"
    assert not set_password(SYSTEM, cast.editor.pk, None).has_usable_password()


def test_another_address_has_to_be_verified(cast: Cast) -> None:
    User.objects.filter(pk=cast.editor.pk).update(is_verified=True)

    user = edit_account(SYSTEM, cast.editor.pk, {"email": "ed@example.org", "name": ""})

    assert (user.email, user.is_verified) == ("ed@example.org", False)
    changes = Event.objects.latest("id").changes
    assert changes == {"email": ["edgar@example.org", "ed@example.org"], "is_verified": [True, False]}


@pytest.mark.parametrize(
    "name, value, pointer",
    [
        ("edit_account", {"username": "olga"}, "/username"),
        ("edit_account", {"email": "no address"}, "/email"),
        ("set_password", "password", "/password"),
        ("change_rights", {"groups": [0]}, "/groups"),
    ],
)
def test_bad_input_changes_nothing(cast: Cast, name: str, value: Any, pointer: str) -> None:
    with nothing_changes(), pytest.raises(Invalid) as refusal:
        getattr(account_upkeep, name)(SYSTEM, cast.editor.pk, value)
    assert [error.pointer for error in refusal.value.errors] == [pointer]


def test_an_inbox_is_made_once(db: None) -> None:
    root = User.objects.create_superuser("root", "root@example.org", PASSWORD)

    inbox = ensure_inbox(NOBODY, root.pk)

    assert ensure_inbox(NOBODY, root.pk) == inbox
    assert list(Project.objects.filter(owner=root)) == [inbox]
    event = Event.objects.get(project=inbox)
    assert (event.verb, event.actor) == ("project.created", root)
    with pytest.raises(CoreError):
        ensure_inbox(NOBODY, 0)
