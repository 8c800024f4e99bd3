"""`/api/notification-settings/`: how one wants to be told."""

from __future__ import annotations

from typing import Any

import pytest

from baton.core.commands.letter_choices import unsubscribe
from baton.core.models import Event, MailHours, NotificationSetting
from tests.caller import Caller
from tests.cast import Cast
from tests.factories import actor_of

PATH = "/api/notification-settings/"


def test_everybody_has_the_usual(cast: Cast) -> None:
    answer = Caller(cast.editor).get(PATH)
    assert answer.status == 200
    assert answer.body == {
        "modes": {
            "task_created": "off",
            "task_changed": "gathered",
            "task_commented": "at_once",
            "task_assigned": "at_once",
            "task_delegated": "at_once",
            "task_handed_back": "at_once",
            "mentioned": "at_once",
            "due_soon": "at_once",
            "overdue": "at_once",
            "invited": "at_once",
        },
        "projects": {},
        "hours": {
            "gather_minutes": 5,
            "digest_hour": 8,
            "digest_weekday": 0,
            "quiet_from": None,
            "quiet_until": None,
        },
        "unwanted_letters": [],
    }


def test_a_letter_that_was_switched_off_can_come_again(cast: Cast) -> None:
    unsubscribe(actor_of(cast.editor), "issues_assigned")
    unsubscribe(actor_of(cast.editor), "files_going")
    caller = Caller(cast.editor)
    assert caller.get(PATH).body["unwanted_letters"] == ["files_going", "issues_assigned"]
    answer = caller.patch(PATH, {"unwanted_letters": ["files_going"]})
    assert answer.body["unwanted_letters"] == ["files_going"]
    assert Event.objects.latest("pk").changes == {"letters": [{"issues_assigned": "off"}, {"issues_assigned": None}]}
    assert caller.patch(PATH, {"unwanted_letters": ["files_going", "verify_email"]}).pointers == ["/unwanted_letters/1"]


def test_what_is_sent_changes_and_nothing_else(cast: Cast) -> None:
    caller = Caller(cast.editor)
    first = caller.patch(PATH, {"modes": {"task_changed": "daily"}, "hours": {"digest_hour": 7}}).body
    assert (first["modes"]["task_changed"], first["hours"]["digest_hour"]) == ("daily", 7)
    key = str(cast.project.pk)
    second = caller.patch(
        PATH, {"projects": {key: {"mentioned": "off"}}, "hours": {"quiet_from": "22:00", "quiet_until": "06:30"}}
    ).body
    assert second["projects"] == {key: {"mentioned": "off"}}
    assert second["modes"] == first["modes"]
    assert second["hours"] == {**first["hours"], "quiet_from": "22:00", "quiet_until": "06:30"}
    last = caller.patch(
        PATH,
        {
            "modes": {"task_changed": None},
            "projects": {key: {"mentioned": None}},
            "hours": {"quiet_from": None, "quiet_until": None},
        },
    ).body
    assert last["modes"]["task_changed"] == "gathered"
    assert last["projects"] == {}
    assert last["hours"]["quiet_from"] is None
    assert not NotificationSetting.objects.exists()


@pytest.mark.parametrize(
    "body, pointer",
    [
        ({"modes": {"task_changed": "hourly"}}, "/modes/task_changed"),
        ({"modes": {"gossip": "off"}}, "/modes/gossip"),
        ({"modes": "off"}, "/modes"),
        ({"projects": {"x": {}}}, "/projects/x"),
        ({"projects": {"0": {"mentioned": "off"}}}, "/projects/0"),
        ({"projects": {"999999": {"mentioned": "off"}}}, "/projects/999999"),
        ({"projects": [1]}, "/projects"),
        ({"hours": {"digest_hour": 24}}, "/hours/digest_hour"),
        ({"hours": {"gather_minutes": True}}, "/hours/gather_minutes"),
        ({"hours": {"quiet_from": "25:00", "quiet_until": "06:00"}}, "/hours/quiet_from"),
        ({"hours": {"quiet_from": "22:00"}}, "/hours/quiet_until"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_bad_input_names_its_field_and_changes_nothing(cast: Cast, body: Any, pointer: str) -> None:
    caller = Caller(cast.editor)
    before = Event.objects.count()
    answer = caller.patch(PATH, {"modes": {"mentioned": "off"}, **body} if "modes" not in body else body)
    assert answer.status == 400
    assert answer.pointers == [pointer]
    assert Event.objects.count() == before
    assert not NotificationSetting.objects.exists()
    assert not MailHours.objects.exists()


def test_a_foreign_project_is_none(cast: Cast) -> None:
    body = {"projects": {str(cast.project.pk): {"mentioned": "off"}}}
    assert Caller(cast.outsider).patch(PATH, body).pointers == [f"/projects/{cast.project.pk}"]
