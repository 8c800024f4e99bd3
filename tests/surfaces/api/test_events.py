"""Polling the event log over HTTP."""

from __future__ import annotations

import pytest

from baton.core.commands.members import remove_member
from baton.core.commands.projects import trash_project
from baton.core.models import Event
from tests.caller import Answer, Caller
from tests.cast import Cast
from tests.factories import actor_of, make_project, make_task
from tests.traces import let_the_log_settle

pytestmark = pytest.mark.django_db(transaction=True)
"""Committed for real: on PostgreSQL the log shows what is settled only, never the transaction of a test."""


def poll(caller: Caller, path: str = "/api/events/") -> Answer:
    let_the_log_settle()
    return caller.get(path)


def ids(answer: Answer) -> list[int]:
    assert answer.status == 200, answer.body
    return [event["id"] for event in answer.body["results"]]


def test_from_the_first_event_to_the_last(cast: Cast) -> None:
    tasks = [make_task(cast.owner, cast.project, f"Task {number}") for number in range(7)]
    owner = Caller(cast.owner)
    url, met, pages = "/api/events/?page_size=3", [], 0
    while True:
        answer = poll(owner, url)
        page = answer.body
        assert list(page) == ["results", "next", "previous", "cursor"]
        assert page["previous"] is None
        assert len(page["results"]) <= 3
        met += ids(answer)
        pages += 1
        assert page["cursor"] == page["results"][-1]["cursor"]
        if not page["next"]:
            break
        assert answer.headers["Link"] == f'<{page["next"]}>; rel="next"'
        url = page["next"]
    assert pages > 2
    assert met == sorted(set(met))
    created = [event.task_id for event in Event.objects.filter(pk__in=met, verb="task.created").order_by("id")]
    assert created == [task.pk for task in tasks]

    end = page["cursor"]
    empty = poll(owner, f"/api/events/?after={end}")
    assert empty.body == {"results": [], "next": None, "previous": None, "cursor": end}
    new = make_task(cast.owner, cast.project, "New")
    assert [event["task"] for event in poll(owner, f"/api/events/?after={end}").body["results"]] == [new.pk]


def test_limit_is_another_name_of_page_size(cast: Cast) -> None:
    owner = Caller(cast.owner)
    assert len(ids(poll(owner, "/api/events/?limit=1"))) == 1
    following = poll(owner, "/api/events/?limit=1").body["next"]
    assert "limit=1" in following
    assert len(ids(poll(owner, following))) == 1


def test_one_project(cast: Cast) -> None:
    other = make_project(cast.owner, "Other")
    task = make_task(cast.owner, other)
    owner = Caller(cast.owner)
    events = poll(owner, f"/api/events/?project={other.pk}").body["results"]
    assert [event["verb"] for event in events] == ["project.created", "task.created"]
    assert events[1]["task"] == task.pk
    following = poll(owner, f"/api/events/?project={other.pk}&page_size=1").body["next"]
    assert f"project={other.pk}" in following
    assert [event["task"] for event in poll(owner, following).body["results"]] == [task.pk]


def test_the_start_is_a_cursor(cast: Cast) -> None:
    owner = Caller(cast.owner)
    assert ids(poll(owner, "/api/events/?after=0-0")) == ids(poll(owner))


def test_who_sees_nothing_still_gets_a_place_to_go_on_from(cast: Cast) -> None:
    make_task(cast.owner, cast.project)
    outsider = Caller(cast.outsider)
    Event.objects.filter(actor=cast.outsider).update(project=None, user=None)
    answer = poll(outsider)
    last = Event.objects.order_by("transaction", "id").last()
    assert last is not None
    assert answer.body == {
        "results": [],
        "next": None,
        "previous": None,
        "cursor": f"{last.transaction}-{last.pk}",
    }
    assert poll(outsider, f"/api/events/?after={answer.body['cursor']}").status == 200


@pytest.mark.parametrize(
    "after",
    [
        "garbage",
        "",
        "-",
        "1",
        "0-",
        "-0",
        "0--1",
        "00-0",
        "1.0-1",
        "\u0660-\u0660",
        "0-9223372036854775808",
        "0-0-0",
        "1e3-1",
    ],
)
def test_a_cursor_that_is_none(cast: Cast, after: str) -> None:
    answer = poll(Caller(cast.owner), f"/api/events/?after={after}")
    assert (answer.status, answer.pointers) == (400, ["?after"])


def test_a_cursor_that_no_event_has(cast: Cast) -> None:
    owner = Caller(cast.owner)
    last = Event.objects.order_by("id").last()
    assert last is not None
    for unknown in (
        f"{last.transaction}-{last.pk + 1000}",
        "9223372036854775807-1",
        f"{last.transaction + 7}-{last.pk}",
    ):
        answer = poll(owner, f"/api/events/?after={unknown}")
        assert (answer.status, answer.pointers) == (400, ["?after"]), unknown


def test_bad_parameters(cast: Cast) -> None:
    bad = poll(Caller(cast.owner), "/api/events/?after=x&project=y&page_size=100000000000000000000&limit=0&colour=red")
    assert (bad.status, set(bad.pointers)) == (400, {"?after", "?project", "?page_size", "?limit", "?colour"})


def test_a_foreign_project_is_not_there(cast: Cast) -> None:
    outsider = Caller(cast.outsider)
    foreign = poll(outsider, f"/api/events/?project={cast.project.pk}")
    missing = poll(outsider, "/api/events/?project=999999999")
    assert (foreign.status, missing.status) == (404, 404)


def test_nobody_sees_the_events_of_others(cast: Cast) -> None:
    make_task(cast.owner, cast.project)
    outsider = Caller(cast.outsider)
    verbs = {event["verb"] for event in poll(outsider).body["results"]}
    assert verbs == {"user.registered", "project.created", "session.opened"}
    assert {event["actor"]["id"] for event in poll(outsider).body["results"]} == {cast.outsider.pk}


def test_who_is_taken_out_sees_no_more_of_it(cast: Cast) -> None:
    make_task(cast.owner, cast.project)
    editor = Caller(cast.editor)
    path = f"/api/events/?project={cast.project.pk}"
    assert ids(poll(editor, path))
    remove_member(actor_of(cast.owner), cast.project.pk, cast.editor.pk)
    assert poll(editor, path).status == 404
    assert cast.project.pk not in {event["project"] for event in poll(editor).body["results"]}


def test_members_see_where_a_trashed_project_went(cast: Cast) -> None:
    trash_project(actor_of(cast.owner), cast.project.pk)
    events = poll(Caller(cast.viewer), f"/api/events/?project={cast.project.pk}").body["results"]
    assert events[-1]["verb"] == "project.trashed"
    end = events[-1]["cursor"]
    assert poll(Caller(cast.viewer), f"/api/events/?project={cast.project.pk}&after={end}").status == 200
    assert poll(Caller(cast.outsider), f"/api/events/?project={cast.project.pk}").status == 404


def test_nobody_without_a_credential(cast: Cast) -> None:
    assert poll(Caller()).status == 401
    assert Caller(cast.owner).post("/api/events/", {}).status == 405
