"""Server-Sent Events, live and from a server without the live side."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from baton.core.commands.all_sessions import log_out_everywhere
from baton.core.commands.members import remove_member
from baton.core.events.log import Cursor
from baton.core.models import User
from baton.surfaces.stream import http as live_http
from tests.caller import Caller
from tests.cast import Cast
from tests.factories import actor_of, bearer, make_project, make_task
from tests.surfaces.stream.served import PATIENCE, Served
from tests.traces import let_the_log_settle

pytestmark = pytest.mark.any_database

Block = dict[str, Any]


class Stream:
    """A reader of `text/event-stream`."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.answer = answer

    def read(self) -> Block:
        """Return the fields of the next block; {} at the end."""
        block: Block = {}
        while line := self.answer.readline().decode():
            if line == "\n":
                return block
            name, _, value = line.rstrip("\n").partition(":")
            block[name or "comment"] = value.strip()
        return {}

    def read_event(self) -> Block:
        block = self.read()
        assert block.get("event", "") == "", block
        return {**json.loads(block["data"]), "id_line": block["id"]}

    def read_until_ready(self) -> list[Block]:
        """Return what comes before, except that the tests' people log in."""
        events = []
        while (block := self.read()).get("event") != "ready":
            if json.loads(block["data"])["verb"] != "session.opened":
                events.append(block)
        return events


@contextmanager
def streaming(served: Served, user: User, query: str = "", **headers: str) -> Iterator[Stream]:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=PATIENCE)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    named["Authorization"] = bearer(user)["HTTP_AUTHORIZATION"]
    try:
        connection.request("GET", f"/api/stream/{query}", headers=named)
        answer = connection.getresponse()
        assert answer.status == 200, answer.read()
        assert answer.headers["Content-Type"] == "text/event-stream"
        assert (answer.headers["Cache-Control"], answer.headers["X-Accel-Buffering"]) == ("no-store", "no")
        stream = Stream(answer)
        assert stream.read() == {"retry": "3000"}
        yield stream
        answer.close()
    finally:
        connection.close()


def test_what_was_missed_and_what_happens(served: Served, cast: Cast) -> None:
    for number in range(3):
        make_task(cast.owner, cast.project, f"Task {number}")
    with streaming(served, cast.owner, "?after=0-0") as stream:
        missed = stream.read_until_ready()
        task = make_task(cast.owner, cast.project, "Live")
        live = stream.read_event()
        assert (live["task"], live["verb"]) == (task.pk, "task.created")
        assert live["id_line"] == live["cursor"]
    polled = Caller(cast.owner).get("/api/events/?page_size=200").body["results"]
    polled = [event for event in polled if event["verb"] != "session.opened"]
    assert [json.loads(block["data"]) for block in missed] == polled[: len(missed)]
    with streaming(served, cast.owner, "?after=0-0", last_event_id=missed[-2]["id"]) as stream:
        assert [block["id"] for block in stream.read_until_ready()] == [missed[-1]["id"], live["cursor"]]


def test_from_now_in_some_projects(served: Served, cast: Cast) -> None:
    other = make_project(cast.owner, "Other")
    with streaming(served, cast.owner, f"?projects={other.pk},{cast.project.pk}") as stream:
        assert stream.read_until_ready() == []
        make_task(cast.owner, make_project(cast.owner, "Third"), "Not heard of")
        make_task(cast.owner, other, "Heard of")
        assert stream.read_event()["changes"]["title"][1] == "Heard of"


def test_an_unknown_cursor(served: Served, cast: Cast) -> None:
    with streaming(served, cast.owner, "?after=9223372036854775807-1") as stream:
        block = stream.read()
        assert block["event"] == "resync"
        assert json.loads(block["data"])["reason"] == "future"
        assert stream.read() == {}
    with streaming(served, cast.owner, last_event_id=block["id"]) as stream:
        assert stream.read_until_ready() == []


def test_a_quiet_stream_moves_its_cursor_on(served: Served, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_http, "QUIET_SECONDS", 0.2)
    with streaming(served, cast.owner) as stream:
        stream.read_until_ready()
        block = stream.read()
        assert block["comment"] == "ping"
        assert "data" not in block
        assert block["id"]


def test_a_project_that_is_lost_and_a_log_out(served: Served, cast: Cast) -> None:
    with streaming(served, cast.editor) as stream:
        stream.read_until_ready()
        make_task(cast.owner, cast.project)
        stream.read_event()
        remove_member(actor_of(cast.owner), cast.project.pk, cast.editor.pk)
        make_task(cast.owner, cast.project, "After")
        block = stream.read()
        assert (block["event"], json.loads(block["data"])) == ("dropped", {"project": cast.project.pk})
        log_out_everywhere(actor_of(cast.editor))
        assert stream.read() == {}


def test_its_end_when_the_server_goes(served: Served, cast: Cast) -> None:
    with streaming(served, cast.editor) as stream:
        stream.read_until_ready()
        served.leave()
        assert stream.read() == {}


@pytest.mark.parametrize(
    "query,status,pointers",
    [
        ("?after=x", 400, ["?after"]),
        ("?projects=", 400, ["?projects"]),
        ("?projects=1,,2", 400, ["?projects"]),
        ("?projects=0", 400, ["?projects"]),
        ("?more=1&after=x", 400, ["?more", "?after"]),
        ("?projects=999999999", 404, []),
    ],
)
def test_refusals_are_problem_documents(
    served: Served, cast: Cast, query: str, status: int, pointers: list[str]
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=PATIENCE)
    connection.request(
        "GET", f"/api/stream/{query}", headers={"Authorization": bearer(cast.owner)["HTTP_AUTHORIZATION"]}
    )
    answer = connection.getresponse()
    document = json.loads(answer.read())
    connection.close()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.status, [error["pointer"] for error in document.get("errors", ())]) == (status, pointers)
    assert document["request_id"] == answer.headers["X-Request-Id"]


def test_too_many(served: Served, cast: Cast, settings: Settings) -> None:
    settings.BATON_SOCKETS_PER_USER = 1
    with streaming(served, cast.owner):
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=PATIENCE)
        connection.request("GET", "/api/stream/", headers={"Authorization": bearer(cast.owner)["HTTP_AUTHORIZATION"]})
        answer = connection.getresponse()
        assert (answer.status, answer.headers["Retry-After"]) == (429, "10")
        connection.close()


def test_other_methods(served: Served, cast: Cast) -> None:
    for method, status in (("POST", 405), ("HEAD", 200), ("OPTIONS", 204)):
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=PATIENCE)
        connection.request(method, "/api/stream/", headers={"Authorization": bearer(cast.owner)["HTTP_AUTHORIZATION"]})
        assert connection.getresponse().status == status
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_without_the_live_side_it_gives_what_was_missed_and_ends(cast: Cast) -> None:
    for number in range(3):
        make_task(cast.owner, cast.project, f"Task {number}")
    let_the_log_settle()
    client, credential = Client(), bearer(cast.owner)
    let_the_log_settle()
    said = client.get("/api/stream/?after=0-0", **credential).content.decode()  # type: ignore[arg-type]
    blocks = said.strip().split("\n\n")
    assert blocks[0] == "retry: 3000"
    assert blocks[-1].startswith("event: ready\nid: ")
    events = [json.loads(block.partition("\ndata: ")[2]) for block in blocks[1:-1]]
    assert events == Caller(cast.owner).get("/api/events/?page_size=200").body["results"][: len(events)]
    assert len(events) > 3
    last = blocks[-1].split("\n")[1].removeprefix("id: ")
    let_the_log_settle()
    credential["HTTP_LAST_EVENT_ID"] = Caller(cast.owner).get("/api/events/?page_size=200").body["cursor"]
    assert Cursor.parse(last) <= Cursor.parse(credential["HTTP_LAST_EVENT_ID"])
    again = client.get("/api/stream/", **credential).content.decode()  # type: ignore[arg-type]
    assert again.strip().split("\n\n")[1].startswith("event: ready")
    credential["HTTP_LAST_EVENT_ID"] = "0-99999999999"
    assert "event: resync" in client.get("/api/stream/", **credential).content.decode()  # type: ignore[arg-type]
    assert client.get("/ws/stream/", **credential).status_code == 426  # type: ignore[arg-type]
