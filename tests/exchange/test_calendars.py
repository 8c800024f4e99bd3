"""Calendars: a project's, and a person's secret feed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from baton.core.commands.members import remove_member
from baton.core.commands.task_status import change_status
from baton.core.commands.tasks import trash_task
from baton.core.models import CalendarFeed, Event
from tests.cast import Cast
from tests.core.commands.scenarios import DUE
from tests.exchange.test_archive import export
from tests.factories import actor_of, make_project, make_task
from tests.surfaces.api.caller import Caller

NASTY = "Ends; BEGIN:VTODO, \\ " + "ё" * 100


@pytest.fixture(autouse=True)
def _address(settings: Any) -> None:
    settings.BATON_BASE_URL = ""


def todos(content: bytes) -> list[Any]:
    return list(Calendar.from_ical(content).walk("VTODO"))


def titles(content: bytes) -> list[str]:
    return [str(todo["SUMMARY"]) for todo in todos(content)]


def open_feed(caller: Caller) -> str:
    answer = caller.post("calendar-feed/")
    assert answer.status_code == 201
    url: str = answer.json()["url"]
    return url


def test_a_project_as_a_calendar(cast: Cast, store: object) -> None:
    words = "a\r\nEND:VCALENDAR\rBEGIN:VEVENT\u2028\x0bEND:VEVENT\nb"
    whole = make_task(cast.owner, cast.project, NASTY, description=words, due_at=DUE, labels=["a,b", "c"], priority=3)
    part = make_task(cast.owner, cast.project, "Part", parent_id=whole.pk, status="done")
    content = export(cast.viewer, cast.project.pk, "ics")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert content.replace(b"\r\n", b"").count(b"\n") == 0
    assert content.count(b"\r\nEND:VCALENDAR\r\n") == 1
    assert b"\r\nBEGIN:VEVENT" not in content
    first, second = todos(content)
    assert str(first["UID"]) == str(whole.uuid)
    assert str(first["SUMMARY"]) == NASTY
    assert first["DUE"].dt == DUE.replace(microsecond=0)
    assert (first["PRIORITY"], [str(word) for word in first["CATEGORIES"].cats]) == (1, ["a,b", "c"])
    assert (str(second["UID"]), str(second["STATUS"])) == (str(part.uuid), "COMPLETED")
    assert str(second["RELATED-TO"]) == str(whole.uuid)
    assert export(cast.viewer, cast.project.pk, "ics") == content


def test_a_feed_shows_ones_open_tasks_with_dates(cast: Cast) -> None:
    mine = make_task(cast.owner, cast.project, "Mine", assignees=[cast.owner.pk, cast.editor.pk], due_at=DUE)
    make_task(cast.owner, cast.project, "Another's", assignees=[cast.owner.pk], due_at=DUE)
    make_task(cast.owner, cast.project, "Without a date", assignees=[cast.editor.pk])
    done = make_task(cast.owner, cast.project, "Done", assignees=[cast.editor.pk], due_at=DUE)
    change_status(actor_of(cast.editor), done.pk, "done")
    gone = make_task(cast.owner, cast.project, "Gone", assignees=[cast.editor.pk], due_at=DUE)
    trash_task(actor_of(cast.owner), gone.pk)
    url = open_feed(Caller(cast.editor))
    answer = Client().get(url)
    assert answer.status_code == 200
    assert titles(answer.content) == ["Mine"]
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in answer.headers["Cache-Control"]
    assert answer.headers["Last-Modified"]
    same = Client().get(url, HTTP_IF_NONE_MATCH=answer.headers["ETag"])
    assert (same.status_code, same.content) == (304, b"")
    change_status(actor_of(cast.editor), mine.pk, "done")
    changed = Client().get(url, HTTP_IF_NONE_MATCH=answer.headers["ETag"])
    assert (changed.status_code, titles(changed.content)) == (200, [])


def test_a_feed_shows_only_what_one_sees_now(cast: Cast) -> None:
    elsewhere = make_project(cast.editor, "Elsewhere")
    make_task(cast.editor, elsewhere, "Own", assignees=[cast.editor.pk], due_at=DUE)
    make_task(cast.owner, cast.project, "Shared", assignees=[cast.editor.pk], due_at=DUE)
    url = open_feed(Caller(cast.editor))
    assert titles(Client().get(url).content) == ["Own", "Shared"]
    remove_member(actor_of(cast.owner), cast.project.pk, cast.editor.pk)
    assert titles(Client().get(url).content) == ["Own"]


def test_an_address_lasts_until_it_is_revoked(cast: Cast) -> None:
    caller = Caller(cast.editor)
    first = open_feed(caller)
    second = open_feed(caller)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    secret = second.removeprefix("/calendar/").removesuffix(".ics")
    assert secret not in str(list(CalendarFeed.objects.values())), "who reads the database can't read the feed"
    assert caller.delete("calendar-feed/").status_code == 204
    assert caller.delete("calendar-feed/").status_code == 204
    assert Client().get(second).status_code == 404
    verbs = Event.objects.filter(user=cast.editor, verb__startswith="calendar").order_by("id")
    assert list(verbs.values_list("verb", flat=True)) == ["calendar.feed_opened"] * 2 + ["calendar.feed_closed"]


def test_who_has_no_account_any_more_has_no_feed(cast: Cast) -> None:
    url = open_feed(Caller(cast.editor))
    cast.editor.is_active = False
    cast.editor.save()
    answer = Client().get(url)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert Caller().post("calendar-feed/").status_code == 401
