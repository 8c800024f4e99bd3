"""What is said over the WebSocket: subscribing, going on from a cursor, and what is not understood."""

from __future__ import annotations

from contextlib import suppress
from time import sleep
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from baton.core.events.log import Cursor
from baton.core.models import Event
from baton.live import hub as hubs
from baton.surfaces.stream import websocket
from tests.caller import Caller
from tests.cast import Cast
from tests.factories import make_project, make_task
from tests.surfaces.stream.served import Served, Socket, socket_of
from tests.traces import let_the_log_settle


def polled(cast: Cast) -> list[dict[str, Any]]:
    let_the_log_settle()
    events: list[dict[str, Any]] = Caller(cast.owner).get("/api/events/?page_size=200").body["results"]
    return events


def titles(events: list[dict[str, Any]]) -> list[str]:
    return [event["changes"]["title"][1] for event in events if event["verb"] == "task.created"]


def hear_titles(opened: Socket, number: int) -> list[str]:
    return titles([opened.hear() for _ in range(number)])


def test_from_now_on(served: Served, cast: Cast) -> None:
    make_task(cast.owner, cast.project, "Before")
    let_the_log_settle()
    with socket_of(served, cast.owner) as opened:
        opened.subscribe()
        make_task(cast.owner, cast.project, "Now")
        assert hear_titles(opened, 1) == ["Now"]


def test_the_same_events_as_polling_gives(served: Served, cast: Cast) -> None:
    for number in range(5):
        make_task(cast.owner, cast.project, f"Task {number}")
    with socket_of(served, cast.owner) as opened:
        missed = opened.subscribe("0-0")
        make_task(cast.owner, cast.project, "Live")
        heard = [*missed, opened.hear()]
    assert [{**event, "type": "event"} for event in polled(cast)][: len(heard)] == heard
    assert titles(heard)[-1] == "Live"


def test_going_on_from_each_cursor(served: Served, cast: Cast) -> None:
    for number in range(3):
        make_task(cast.owner, cast.project, f"Task {number}")
    with socket_of(served, cast.owner) as opened:
        everything = opened.subscribe("0-0")
        for index, event in enumerate(everything):
            assert opened.subscribe(event["cursor"]) == everything[index + 1 :]


def test_more_than_a_page_was_missed(served: Served, cast: Cast) -> None:
    wanted = [f"Task {number}" for number in range(230)]
    for title in wanted:
        make_task(cast.owner, cast.project, title)
    with socket_of(served, cast.owner) as opened:
        assert titles(opened.subscribe("0-0")) == wanted


def test_some_projects_only(served: Served, cast: Cast) -> None:
    others = [make_project(cast.owner, name) for name in ("One", "Two", "Three")]
    wanted = [others[0].pk, others[1].pk]
    with socket_of(served, cast.owner) as opened:
        assert {event["project"] for event in opened.subscribe("0-0", wanted)} == set(wanted)
        assert {event["project"] for event in opened.subscribe("0-0", wanted[:1])} == set(wanted[:1])
        opened.subscribe(None, wanted)
        for project in (others[2], cast.project, others[1]):
            make_task(cast.owner, project, project.name)
        assert hear_titles(opened, 1) == ["Two"]


def test_a_project_one_does_not_see(served: Served, cast: Cast) -> None:
    secret = make_project(cast.outsider, "Secret")
    with socket_of(served, cast.owner) as opened:
        for unseen in (secret.pk, 10**9):
            opened.say("subscribe", projects=[cast.project.pk, unseen])
            answer = opened.hear()
            assert (answer["code"], answer["pointer"]) == ("not_found", "/projects/1")
        assert opened.subscribe() == [], "and it is still open"


def test_subscribing_again_takes_the_place(served: Served, cast: Cast) -> None:
    other = make_project(cast.owner, "Other")
    with socket_of(served, cast.owner) as opened:
        opened.subscribe(None, [cast.project.pk])
        opened.subscribe(None, [other.pk])
        make_task(cast.owner, cast.project, "Not any more")
        make_task(cast.owner, other, "Now here")
        assert hear_titles(opened, 1) == ["Now here"]


def test_quiet_cursors_move_on(served: Served, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "QUIET_SECONDS", 0.3)
    foreign = make_project(cast.outsider, "Secret")
    with socket_of(served, cast.owner) as opened:
        opened.subscribe()
        task = make_task(cast.outsider, foreign, "Not yours")
        last = Event.objects.get(task=task)
        for _ in range(50):
            message = opened.hear()
            assert message["type"] == "ping"
            if message["cursor"] == f"{last.transaction}-{last.pk}":
                break
        else:
            raise AssertionError("the cursor stood still")
        opened.say("pong", cursor=message["cursor"])
        assert opened.subscribe(message["cursor"]) == []


@pytest.mark.parametrize(
    "cursor,reason", [("9223372036854775806-7", "future"), ("9223372036854775807-1", "future"), ("0-0", "")]
)
def test_a_cursor_of_no_place(served: Served, cast: Cast, cursor: str, reason: str) -> None:
    with socket_of(served, cast.owner) as opened:
        opened.say("subscribe", after=cursor)
        answer = opened.hear()
        if not reason:
            assert answer["type"] == "event"
            return
        assert (answer["type"], answer["reason"]) == ("resync", reason)
        make_task(cast.owner, cast.project, "Meanwhile")
        assert titles(opened.subscribe(answer["cursor"])) + titles_soon(opened) == ["Meanwhile"]


def titles_soon(opened: Socket) -> list[str]:
    try:
        return titles([opened.hear(0.5)])
    except TimeoutError:
        return []


def test_a_foreign_and_an_old_cursor(served: Served, cast: Cast) -> None:
    make_task(cast.owner, cast.project)
    let_the_log_settle()
    first, second, third = Event.objects.order_by("transaction", "id")[:3]
    Event.objects.filter(pk=second.pk).delete()
    with socket_of(served, cast.owner) as opened:
        opened.say("subscribe", after=f"{second.transaction}-{second.pk}")
        assert opened.hear()["reason"] == "foreign"
        Event.objects.filter(pk=first.pk).delete()
        opened.say("subscribe", after=f"{second.transaction}-{second.pk}")
        assert opened.hear()["reason"] == "too_old"
        assert third.pk


@pytest.mark.parametrize(
    "text,code,pointer,close",
    [
        ("nonsense", "parse_error", None, 1007),
        ('{"type":"subscribe","type":"subscribe"}', "parse_error", None, 1007),
        ('{"type":"subscribe","after":"\\ud800"}', "parse_error", None, 1007),
        ("[" * 100, "parse_error", None, 1007),
        ("[]", "invalid", None, 1008),
        ("{}", "invalid", None, 1008),
        ('{"type":"nonsense"}', "invalid", "/type", 1008),
        ('{"type":"subscribe","after":"x"}', "invalid", "/after", 1008),
        ('{"type":"subscribe","after":"0-9999999999999999999"}', "invalid_cursor", "/after", 1008),
        ('{"type":"subscribe","after":5}', "invalid", "/after", 1008),
        ('{"type":"subscribe","projects":[]}', "invalid", "/projects", 1008),
        ('{"type":"subscribe","projects":[1,"x"]}', "invalid", "/projects/1", 1008),
        ('{"type":"subscribe","projects":[0]}', "invalid", "/projects/0", 1008),
        ('{"type":"subscribe","projects":[99999999999999999999]}', "invalid", "/projects/0", 1008),
        ('{"type":"subscribe","more":1}', "invalid", None, 1008),
        ('{"type":"authenticate","token":"x"}', "authentication_failed", "/token", 4401),
    ],
)
def test_what_is_not_understood(
    served: Served, cast: Cast, text: str, code: str, pointer: str | None, close: int
) -> None:
    with socket_of(served, cast.owner) as opened:
        opened.connection.send(text)
        answer = opened.hear()
        assert (answer["type"], answer["code"], answer.get("pointer")) == ("error", code, pointer)
        assert opened.hear_close()[0] == close


def test_bytes_are_not_read(served: Served, cast: Cast) -> None:
    with socket_of(served, cast.owner) as opened:
        opened.connection.send(b'{"type":"subscribe"}')
        assert opened.hear_close()[0] == 1003


def test_a_message_too_large(served: Served, cast: Cast) -> None:
    with socket_of(served, cast.owner) as opened:
        opened.connection.send("x" * 65537)
        assert opened.hear_close()[0] == 1009


def test_64_megabytes_are_not_kept(served: Served, cast: Cast) -> None:
    with socket_of(served, cast.owner) as opened:
        with suppress(ConnectionClosed):
            opened.connection.send("x" * 64 * 2**20)
        assert opened.hear_close()[0] == 1009


def test_too_many_messages(served: Served, cast: Cast) -> None:
    with socket_of(served, cast.owner) as opened:
        with suppress(ConnectionClosed):  # it may be closed before the last is said
            for _ in range(websocket.MOST_MESSAGES + 2):
                opened.say("pong")
        assert opened.hear_close() == (1008, "too_many_messages")


def test_who_never_subscribes(served: Served, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "SUBSCRIBES_WITHIN", 0.2)
    with socket_of(served, cast.owner) as opened:
        assert opened.hear_close() == (4408, "no_subscription")


def test_the_server_goes_away(served: Served, cast: Cast) -> None:
    make_task(cast.owner, cast.project)
    with socket_of(served, cast.owner) as opened, socket_of(served, cast.editor) as silent:
        last = opened.subscribe("0-0")[-1]
        served.leave()
        code, reason = opened.hear_close()
        assert (code, reason.partition(" cursor=")[0]) == (1001, "going_away")
        assert silent.hear_close()[0] == 1001
        cursor = reason.partition(" cursor=")[2]
    assert Cursor.parse(cursor) >= Cursor.parse(last["cursor"])
    answer = Caller(cast.owner).get(f"/api/events/?after={cursor}")
    assert answer.status == 200


def test_nobody_listens_nothing_runs(served: Served, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "_LINGERS", 0.1)
    assert not served.hub.is_reading
    with socket_of(served, cast.owner) as opened:
        opened.subscribe()
        assert served.hub.is_reading
    for _ in range(100):
        if not served.hub.is_reading:
            return
        sleep(0.05)
    raise AssertionError("it still reads the log")
