"""People in the admin: made, changed, deactivated and logged out, by the commands."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from baton.core.models import ApiToken, Event, Project, Session, User
from tests.cast import Cast
from tests.factories import PASSWORD, bearer
from tests.surfaces.admin.world import make_root, sign_in
from tests.traces import nothing_changes


def account_form(user: User, **changed: object) -> dict[str, object]:
    """Return what a browser sends from an account's page; None leaves a box unticked."""
    form: dict[str, object] = {
        "username": user.username,
        "email": user.email or "",
        "name": user.name,
        "timezone": user.timezone,
        "language": user.language,
        "is_active": "on",
    }
    return {name: value for name, value in (form | changed).items() if value is not None}


def verbs(user: User) -> list[str]:
    told = Event.objects.filter(user=user, surface="admin", project=None).order_by("id")
    return list(told.values_list("verb", flat=True))


def test_an_account_is_made_with_its_inbox(cast: Cast) -> None:
    form = {"username": "new", "email": "new@example.org", "name": "", "password": PASSWORD, "is_staff": "on"}

    answer = sign_in(make_root(cast)).post(reverse("admin:core_user_add"), form)

    user = User.objects.get(username="new")
    assert answer.status_code == 302
    assert (user.is_staff, user.check_password(PASSWORD)) == (True, True)
    assert Project.objects.filter(owner=user, is_inbox=True).exists()
    assert verbs(user) == ["user.registered", "user.rights_changed"]


@pytest.mark.parametrize("field, value", [("password", "password"), ("username", "OLGA"), ("email", "no")])
def test_a_bad_account_is_not_made(cast: Cast, field: str, value: str) -> None:
    browser = sign_in(make_root(cast))
    form = {"username": "new", "email": "new@example.org", "name": "", "password": PASSWORD}

    with nothing_changes():
        answer = browser.post(reverse("admin:core_user_add"), form | {field: value})

    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == [field]


def test_an_account_is_changed_and_closed(cast: Cast) -> None:
    bearer(cast.editor)
    browser = sign_in(make_root(cast))

    answer = browser.post(
        reverse("admin:core_user_change", args=[cast.editor.pk]), account_form(cast.editor, name="Ed", is_active=None)
    )

    assert answer.status_code == 302
    assert verbs(cast.editor) == ["user.profile_changed", "user.deactivated"]
    assert not Session.objects.filter(user=cast.editor, ended_at=None).exists()


def test_nobody_closes_their_own_account(cast: Cast) -> None:
    root = make_root(cast)
    form = account_form(root, is_active=None, is_staff="on", is_superuser="on")
    browser = sign_in(root)

    with nothing_changes():
        answer = browser.post(reverse("admin:core_user_change", args=[root.pk]), form)

    assert "Nobody deactivates themselves." in answer.text


def test_staff_do_not_make_themselves_superusers(cast: Cast) -> None:
    staff = User.objects.create_user("staff", None, PASSWORD, is_staff=True)
    staff.user_permissions.set(Permission.objects.filter(content_type__app_label="core"))
    browser = sign_in(staff)

    with nothing_changes():
        answer = browser.post(
            reverse("admin:core_user_change", args=[staff.pk]), account_form(staff, is_staff="on", is_superuser="on")
        )

    assert answer.status_code == 200
    assert "Only a superuser" in answer.text


def test_another_password(cast: Cast) -> None:
    browser = sign_in(make_root(cast))
    address = reverse("admin:auth_user_password_change", args=[cast.editor.pk])
    assert browser.get(address).status_code == 200

    form = {"password1": "another horse 9", "password2": "another horse 9", "usable_password": "true"}
    answer = browser.post(address, form | {"set-password": "yes"})

    assert answer.status_code == 302
    assert User.objects.get(pk=cast.editor.pk).check_password("another horse 9")
    assert verbs(cast.editor) == ["user.password_set"]


def test_sessions_and_tokens_are_ended(cast: Cast) -> None:
    bearer(cast.editor)
    session = Session.objects.get(user=cast.editor)
    token = ApiToken.objects.create(
        user=cast.editor, name="nightly", digest="d", hint="bat_12", scopes="read", created_at=timezone.now()
    )
    browser = sign_in(make_root(cast))

    browser.post(reverse("admin:core_session_changelist"), {"action": "end", "_selected_action": session.pk})
    browser.post(reverse("admin:core_apitoken_changelist"), {"action": "revoke", "_selected_action": token.pk})

    session.refresh_from_db()
    token.refresh_from_db()
    assert session.ended_at
    assert token.revoked_at
    assert verbs(cast.editor) == ["session.ended", "token.withdrawn"]


def test_no_page_shows_a_hash(cast: Cast) -> None:
    page = sign_in(make_root(cast)).get(reverse("admin:core_user_change", args=[cast.editor.pk])).text

    assert User.objects.get(pk=cast.editor.pk).password not in page
    assert reverse("admin:auth_user_password_change", args=[cast.editor.pk]) in page


def test_an_action_does_all_or_nothing(cast: Cast) -> None:
    root = make_root(cast)
    browser = sign_in(root)

    with nothing_changes():
        chosen = {"action": "deactivate", "_selected_action": [cast.editor.pk, root.pk]}
        answer = browser.post(reverse("admin:core_user_changelist"), chosen, follow=True)

    assert "Nobody deactivates themselves." in answer.text
