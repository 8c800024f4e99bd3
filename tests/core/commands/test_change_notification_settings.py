"""Saying how one wants to be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from baton.core.commands.notification_settings import change_notification_settings
from baton.core.errors import DeadCredential, Denied, FieldError, Invalid
from baton.core.models import Event, MailHours, NotificationSetting, User
from tests.cast import Cast
from tests.factories import actor_of, make_project
from tests.traces import nothing_changes

pytestmark = pytest.mark.django_db

VERB = "user.notification_settings_changed"


def settings_of(user: User) -> set[tuple[int | None, str, str]]:
    return set(NotificationSetting.objects.filter(user=user).values_list("project_id", "kind", "mode"))


def test_works(cast: Cast) -> None:
    here = cast.project.pk
    change_notification_settings(
        actor_of(cast.editor),
        {
            "modes": {"task_changed": "daily", "mentioned": "at_once"},
            "projects": {here: {"task_changed": "off"}},
            "hours": {"digest_hour": 17, "quiet_from": time(22), "quiet_until": time(7, 30)},
        },
    )
    assert settings_of(cast.editor) == {
        (None, "task_changed", "daily"),
        (None, "mentioned", "at_once"),
        (here, "task_changed", "off"),
    }
    hours = MailHours.objects.get(user=cast.editor)
    assert (hours.digest_hour, hours.gather_minutes, hours.quiet_until) == (17, 5, time(7, 30))
    event = Event.objects.latest("pk")
    assert (event.verb, event.user_id, event.actor_id, event.project_id) == (VERB, cast.editor.pk, cast.editor.pk, None)
    assert event.changes == {
        "modes": [
            {"task_changed": None, "mentioned": None, f"{here}:task_changed": None},
            {"task_changed": "daily", "mentioned": "at_once", f"{here}:task_changed": "off"},
        ],
        "digest_hour": [8, 17],
        "quiet_from": [None, "22:00:00"],
        "quiet_until": [None, "07:30:00"],
    }


def test_twice_is_once(cast: Cast) -> None:
    fields: Any = {"modes": {"task_changed": "daily"}, "hours": {"gather_minutes": 10}}
    change_notification_settings(actor_of(cast.editor), fields)
    with nothing_changes():
        change_notification_settings(actor_of(cast.editor), fields)


def test_saying_nothing_changes_nothing(cast: Cast) -> None:
    with nothing_changes():
        change_notification_settings(actor_of(cast.editor), {})


def test_none_is_as_usual_again(cast: Cast) -> None:
    here = cast.project.pk
    change_notification_settings(
        actor_of(cast.editor),
        {
            "modes": {"overdue": "off"},
            "projects": {here: {"overdue": "daily"}},
            "hours": {"quiet_from": time(1), "quiet_until": time(2)},
        },
    )
    change_notification_settings(actor_of(cast.editor), {"modes": {"overdue": None}})
    assert settings_of(cast.editor) == {(here, "overdue", "daily")}
    change_notification_settings(
        actor_of(cast.editor),
        {"projects": {here: {"overdue": None}}, "hours": {"quiet_from": None, "quiet_until": None}},
    )
    assert settings_of(cast.editor) == set()
    assert MailHours.objects.get(user=cast.editor).quiet_from is None
    with nothing_changes():
        change_notification_settings(actor_of(cast.editor), {"modes": {"overdue": None}})


def test_other_peoples_settings_stay(cast: Cast) -> None:
    for user in (cast.editor, cast.viewer):
        change_notification_settings(actor_of(user), {"modes": {"overdue": "off"}})
    change_notification_settings(actor_of(cast.editor), {"modes": {"overdue": "daily"}})
    assert settings_of(cast.viewer) == {(None, "overdue", "off")}


def test_all_bad_fields_are_named_and_nothing_is_changed(cast: Cast) -> None:
    unseen = make_project(cast.outsider, "Secret").pk
    fields: Any = {
        "modes": {"task_changed": "hourly", "task_eaten": "daily", "overdue": "off"},
        "projects": {unseen: {"overdue": "off"}, 10**9: {}, cast.project.pk: {"overdue": "", "x": "off"}},
        "hours": {"digest_hour": 24, "gather_minutes": -1, "digest_weekday": 7, "quiet_from": time(1)},
    }
    with nothing_changes(), pytest.raises(Invalid) as refusal:
        change_notification_settings(
            actor_of(cast.editor), fields, found=[FieldError("/hours/x", "unknown", "There is no such field.")]
        )
    assert {(error.pointer, error.code) for error in refusal.value.errors} == {
        ("/modes/task_changed", "invalid_choice"),
        ("/modes/task_eaten", "unknown"),
        (f"/projects/{unseen}", "not_found"),
        (f"/projects/{10**9}", "not_found"),
        (f"/projects/{cast.project.pk}/overdue", "invalid_choice"),
        (f"/projects/{cast.project.pk}/x", "unknown"),
        ("/hours/digest_hour", "out_of_range"),
        ("/hours/gather_minutes", "out_of_range"),
        ("/hours/digest_weekday", "out_of_range"),
        ("/hours/quiet_until", "required"),
        ("/hours/x", "unknown"),
    }


def test_quiet_hours_have_an_end_that_is_not_their_beginning(cast: Cast) -> None:
    with nothing_changes(), pytest.raises(Invalid) as refusal:
        change_notification_settings(actor_of(cast.editor), {"hours": {"quiet_from": time(7), "quiet_until": time(7)}})
    assert [error.code for error in refusal.value.errors] == ["same"]


def test_a_token_for_one_project_does_not_open_it(cast: Cast) -> None:
    with nothing_changes(), pytest.raises(Denied):
        change_notification_settings(
            replace(actor_of(cast.editor), project_id=cast.project.pk), {"modes": {"overdue": "off"}}
        )


def test_the_inactive_change_nothing(cast: Cast) -> None:
    User.objects.filter(pk=cast.editor.pk).update(is_active=False)
    with nothing_changes(), pytest.raises(DeadCredential):
        change_notification_settings(actor_of(cast.editor), {"modes": {"overdue": "off"}})
