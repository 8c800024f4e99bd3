"""Switching letters off: a kind, a mode, or a letter by its name."""

from __future__ import annotations

import pytest

from baton.core.commands.letter_choices import unsubscribe
from baton.core.commands.members import remove_member
from baton.core.models import Event, NotificationSetting, UnwantedLetter, User
from baton.core.models.notification import Kind, Mode
from tests.cast import Cast
from tests.factories import actor_of
from tests.told import set_mode
from tests.traces import nothing_changes

pytestmark = pytest.mark.django_db


def said(user: User) -> set[tuple[bool, str, str]]:
    """Return what the user has said: whether for a project, of which kind, and how."""
    rows = NotificationSetting.objects.filter(user=user).values_list("project", "kind", "mode")
    return {(project is not None, kind, mode) for project, kind, mode in rows}


def test_a_kind_is_off_everywhere(cast: Cast) -> None:
    set_mode(cast.editor, Kind.COMMENTED, Mode.AT_ONCE, cast.project)
    set_mode(cast.editor, Kind.MENTIONED, Mode.DAILY, cast.project)
    unsubscribe(actor_of(cast.editor), Kind.COMMENTED)
    assert said(cast.editor) == {
        (False, Kind.COMMENTED, Mode.OFF),
        (True, Kind.COMMENTED, Mode.OFF),
        (True, Kind.MENTIONED, Mode.DAILY),
    }


def test_a_mode_is_off_for_whatever_is_told_in_it(cast: Cast) -> None:
    set_mode(cast.editor, Kind.COMMENTED, Mode.DAILY)
    set_mode(cast.editor, Kind.OVERDUE, Mode.DAILY, cast.project)
    set_mode(cast.editor, Kind.CHANGED, Mode.WEEKLY)
    unsubscribe(actor_of(cast.editor), Mode.DAILY)
    assert said(cast.editor) == {
        (False, Kind.COMMENTED, Mode.OFF),
        (True, Kind.OVERDUE, Mode.OFF),
        (False, Kind.CHANGED, Mode.WEEKLY),
    }


def test_what_is_gathered_as_is_usual_is_off_too(cast: Cast) -> None:
    unsubscribe(actor_of(cast.editor), Mode.GATHERED)
    assert said(cast.editor) == {(False, Kind.CHANGED, Mode.OFF)}


def test_twice_is_once_and_recorded_once(cast: Cast) -> None:
    for letters in (Kind.COMMENTED, Mode.GATHERED, "issues_assigned"):
        unsubscribe(actor_of(cast.editor), letters)
        event = Event.objects.latest("pk")
        assert (event.verb, event.user_id) == ("user.notification_settings_changed", cast.editor.pk)
        with nothing_changes():
            unsubscribe(actor_of(cast.editor), letters)
    assert UnwantedLetter.objects.get().letter == "issues_assigned"
    assert Event.objects.latest("pk").changes == {"letters": [{"issues_assigned": None}, {"issues_assigned": "off"}]}


def test_what_was_said_of_a_project_out_of_sight_stays(cast: Cast) -> None:
    set_mode(cast.editor, Kind.COMMENTED, Mode.DAILY, cast.project)
    remove_member(actor_of(cast.owner), cast.project.pk, cast.editor.pk)
    unsubscribe(actor_of(cast.editor), Kind.COMMENTED)
    assert said(cast.editor) == {(False, Kind.COMMENTED, Mode.OFF), (True, Kind.COMMENTED, Mode.DAILY)}


def test_nobody_elses_letters_change(cast: Cast) -> None:
    set_mode(cast.owner, Kind.COMMENTED, Mode.DAILY)
    unsubscribe(actor_of(cast.editor), Kind.COMMENTED)
    assert said(cast.owner) == {(False, Kind.COMMENTED, Mode.DAILY)}


def test_without_an_open_account_nothing_changes(cast: Cast) -> None:
    User.objects.filter(pk=cast.editor.pk).update(is_active=False)
    with nothing_changes():
        unsubscribe(actor_of(cast.editor), Kind.COMMENTED)
