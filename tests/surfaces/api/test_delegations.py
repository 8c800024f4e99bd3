"""Handing tasks on over HTTP."""

from __future__ import annotations

import pytest

from baton.core.models import Task
from tests.caller import Answer, Caller
from tests.cast import Cast
from tests.factories import make_project, make_task
from tests.traces import nothing_changes

KEYS = ["id", "task", "giver", "to", "state", "note", "answer", "created_at", "answered_at", "version"]


@pytest.fixture
def task(cast: Cast) -> Task:
    """A task that the owner leads."""
    return make_task(cast.owner, cast.project, assigned_to=cast.owner.pk)


@pytest.fixture
def owner(cast: Cast) -> Caller:
    return Caller(cast.owner)


def waiting(caller: Caller) -> list[int]:
    return [task["id"] for task in caller.get("/api/tasks/?waiting_for=me").body["results"]]


def seen(caller: Caller, task: Task) -> tuple[str | None, bool]:
    """Return the lead's name and whether the task is delegated."""
    body = caller.get(f"/api/tasks/{task.pk}/").body
    return (body["assigned_to"] or {}).get("username"), body["delegated"]


def hand_on(caller: Caller, task: Task, receiver_id: int, note: str = "") -> Answer:
    answer = caller.post(f"/api/tasks/{task.pk}/delegations/", {"to": receiver_id, "note": note})
    assert answer.status == 201, answer.body
    return answer


def test_offered_and_accepted(cast: Cast, task: Task, owner: Caller, editor: Caller) -> None:
    offered = hand_on(owner, task, cast.editor.pk, "I am at sea.")
    path = offered.headers["Location"]
    delegation = offered.body
    assert list(delegation) == KEYS
    assert path == f"/api/delegations/{delegation['id']}/"
    assert (delegation["giver"]["username"], delegation["to"]["username"]) == ("olga", "edgar")
    assert (delegation["state"], delegation["note"], delegation["answer"]) == ("offered", "I am at sea.", "")
    assert seen(owner, task) == ("edgar", True)
    assert waiting(owner) == [task.pk]

    accepted = editor.patch(path, {"state": "accepted", "note": "Gladly."})
    assert accepted.status == 200
    assert (accepted.body["state"], accepted.body["note"], accepted.body["answer"]) == (
        "accepted",
        "I am at sea.",
        "Gladly.",
    )
    assert accepted.body["answered_at"] is not None
    assert seen(owner, task) == ("edgar", True)
    assert waiting(owner) == [task.pk]
    with nothing_changes():
        assert editor.patch(path, {"state": "accepted"}).status == 409
        assert editor.patch(path, {"state": "declined"}).status == 409

    assert editor.patch(path, {"state": "returned"}).status == 200
    assert seen(owner, task) == ("olga", False)
    assert waiting(owner) == []
    with nothing_changes():
        assert editor.patch(path, {"state": "returned"}).status == 409


def test_a_chain_comes_back_link_by_link(cast: Cast, task: Task, owner: Caller, editor: Caller) -> None:
    newcomer = Caller(cast.newcomer)
    first = hand_on(owner, task, cast.editor.pk)
    second = hand_on(editor, task, cast.newcomer.pk)
    assert owner.get(first.headers["Location"]).body["state"] == "accepted", "who hands it on has taken it on"
    assert owner.get(first.headers["Location"]).tag == '"2"'
    assert seen(owner, task) == ("nina", True)
    assert (waiting(owner), waiting(editor), waiting(newcomer)) == ([task.pk], [task.pk], [])
    chain = owner.get(f"/api/tasks/{task.pk}/delegations/").body
    assert [(link["giver"]["username"], link["to"]["username"], link["state"]) for link in chain["results"]] == [
        ("olga", "edgar", "accepted"),
        ("edgar", "nina", "offered"),
    ]

    assert newcomer.patch(second.headers["Location"], {"state": "declined", "note": "No time."}).status == 200
    assert seen(owner, task) == ("edgar", True)
    assert (waiting(owner), waiting(editor)) == ([task.pk], [])
    assert editor.patch(first.headers["Location"], {"state": "returned"}).status == 200
    assert seen(owner, task) == ("olga", False)
    assert waiting(owner) == []
    verbs = [event["verb"] for event in owner.get(f"/api/tasks/{task.pk}/history/").body["results"]]
    assert verbs == [
        "task.created",
        "task.delegated",
        "delegation.accepted",
        "task.delegated",
        "delegation.declined",
        "delegation.returned",
    ]


def test_taking_it_back_in_the_middle_ends_what_follows(cast: Cast, task: Task, owner: Caller, editor: Caller) -> None:
    first = hand_on(owner, task, cast.editor.pk)
    second = hand_on(editor, task, cast.newcomer.pk)
    tag = second.tag
    assert editor.patch(first.headers["Location"], {"state": "returned"}).status == 200
    assert seen(owner, task) == ("olga", False)
    ended = owner.get(second.headers["Location"], if_none_match=tag)
    assert (ended.status, ended.body["state"]) == (200, "ended"), "the tag moves with what it stands for"
    with nothing_changes():
        assert Caller(cast.newcomer).patch(second.headers["Location"], {"state": "accepted"}).status == 409


def test_reassigning_ends_it(cast: Cast, task: Task, owner: Caller, editor: Caller) -> None:
    offered = hand_on(owner, task, cast.editor.pk)
    reassigned = owner.patch(f"/api/tasks/{task.pk}/assign/", {"assigned_to": cast.newcomer.pk})
    assert reassigned.body["delegated"] is False
    assert waiting(owner) == []
    ended = owner.get(offered.headers["Location"], if_none_match=offered.tag)
    assert (ended.status, ended.body["state"]) == (200, "ended")
    with nothing_changes():
        assert editor.patch(offered.headers["Location"], {"state": "accepted"}).status == 409


def test_other_changes_leave_it_open(cast: Cast, task: Task, owner: Caller) -> None:
    hand_on(owner, task, cast.editor.pk)
    owner.patch(f"/api/tasks/{task.pk}/", {"title": "New", "assignees": [cast.editor.pk, cast.viewer.pk]})
    assert seen(owner, task) == ("edgar", True)


def test_done_is_waited_for_no_longer(cast: Cast, task: Task, owner: Caller, editor: Caller) -> None:
    hand_on(owner, task, cast.editor.pk)
    editor.patch(f"/api/tasks/{task.pk}/status/", {"status": "done"})
    assert waiting(owner) == []
    editor.patch(f"/api/tasks/{task.pk}/status/", {"status": "todo"})
    assert waiting(owner) == [task.pk]


def test_declining_what_an_editor_gave_to_somebody_else_meanwhile(
    cast: Cast, task: Task, owner: Caller, editor: Caller
) -> None:
    first = hand_on(owner, task, cast.editor.pk)
    second = hand_on(owner, task, cast.newcomer.pk)
    assert editor.patch(first.headers["Location"], {"state": "declined"}).status == 200
    assert seen(owner, task) == ("nina", True), "it stays with who has it now"
    assert Caller(cast.newcomer).patch(second.headers["Location"], {"state": "returned"}).status == 200
    assert seen(owner, task) == ("olga", False), "and comes back past the one who declined"


def test_it_comes_back_past_somebody_who_has_left(cast: Cast, task: Task, owner: Caller, editor: Caller) -> None:
    from baton.core.commands.members import remove_member
    from tests.factories import actor_of

    first = hand_on(owner, task, cast.editor.pk)
    second = hand_on(editor, task, cast.newcomer.pk)
    remove_member(actor_of(cast.owner), cast.project.pk, cast.editor.pk)
    assert Caller(cast.newcomer).patch(second.headers["Location"], {"state": "returned"}).status == 200
    assert seen(owner, task) == ("olga", False)
    assert owner.get(first.headers["Location"]).body["state"] == "ended"


@pytest.mark.parametrize("to", ["outsider", "missing", "owner"])
def test_whom_it_cannot_be_handed_to(cast: Cast, task: Task, owner: Caller, to: str) -> None:
    user_id = {"outsider": cast.outsider.pk, "missing": 10**9, "owner": cast.owner.pk}[to]
    with nothing_changes():
        answer = owner.post(f"/api/tasks/{task.pk}/delegations/", {"to": user_id})
    assert (answer.status, answer.pointers) == (400, ["/to"])


def test_handing_it_to_its_lead_or_past_them(cast: Cast, task: Task, editor: Caller) -> None:
    with nothing_changes():
        answer = editor.post(f"/api/tasks/{task.pk}/delegations/", {"to": cast.owner.pk})
    assert (answer.status, answer.body["errors"][0]["code"]) == (400, "already_lead")
    assert hand_on(editor, task, cast.viewer.pk).status == 201
    assert seen(editor, task) == ("vera", True)


@pytest.mark.parametrize(
    "body, pointers",
    [
        ({}, ["/to"]),
        ({"to": None}, ["/to"]),
        ({"to": "edgar", "note": 5}, ["/to", "/note"]),
        ({"to": 1, "note": "x" * 2001}, ["/note"]),
        ({"to": 1, "state": "accepted", "giver_id": 1}, ["/giver_id"]),
    ],
)
def test_bad_hand_overs(cast: Cast, task: Task, owner: Caller, body: object, pointers: list[str]) -> None:
    with nothing_changes():
        answer = owner.post(f"/api/tasks/{task.pk}/delegations/", body)
    assert (answer.status, answer.pointers) == (400, pointers)


def test_a_person_as_it_was_read_is_a_receiver(cast: Cast, task: Task, owner: Caller, editor: Caller) -> None:
    person = owner.post(
        "/api/tasks/", {"project": cast.project.pk, "title": "Other", "assigned_to": cast.editor.pk}
    ).body["assigned_to"]
    assert owner.post(f"/api/tasks/{task.pk}/delegations/", {"to": person}).status == 201


@pytest.mark.parametrize(
    "body, pointers",
    [
        ({}, ["/state"]),
        ({"note": "Hm."}, ["/state"]),
        ({"state": "offered"}, ["/state"]),
        ({"state": "ended"}, ["/state"]),
        ({"state": None}, ["/state"]),
        ({"state": "accepted", "note": "x" * 2001}, ["/note"]),
        ({"state": "accepted", "colour": "red"}, ["/colour"]),
    ],
)
def test_bad_answers(cast: Cast, task: Task, owner: Caller, editor: Caller, body: object, pointers: list[str]) -> None:
    path = hand_on(owner, task, cast.editor.pk).headers["Location"]
    with nothing_changes():
        answer = editor.patch(path, body)
    assert (answer.status, answer.pointers) == (400, pointers)


def test_only_the_receiver_answers_and_only_what_they_have_read(
    cast: Cast, task: Task, owner: Caller, editor: Caller
) -> None:
    offered = hand_on(owner, task, cast.editor.pk)
    path = offered.headers["Location"]
    with nothing_changes():
        for other in (owner, Caller(cast.viewer), Caller(cast.newcomer)):
            assert other.patch(path, {"state": "accepted"}).status == 403
        assert Caller(cast.outsider).patch(path, {"state": "accepted"}).status == 404
        assert editor.patch(path, {"state": "accepted"}, if_match='"2"').status == 412
    assert editor.patch(path, {"state": "accepted"}, if_match=offered.tag).status == 200
    assert editor.get(path, if_none_match='"2"').status == 304


def test_the_list_by_page(cast: Cast, task: Task, owner: Caller, editor: Caller) -> None:
    people = [(owner, cast.owner.pk), (editor, cast.editor.pk)]
    for turn in range(5):
        hand_on(people[turn % 2][0], task, people[(turn + 1) % 2][1], str(turn))
    url, met = f"/api/tasks/{task.pk}/delegations/?page_size=2&count=true", []
    while url:
        page = owner.get(url).body
        assert page["count"] == 5
        met += [delegation["note"] for delegation in page["results"]]
        url = page["next"]
    assert met == ["0", "1", "2", "3", "4"]
    newest = owner.get(f"/api/tasks/{task.pk}/delegations/?ordering=-created_at&page_size=1").body["results"]
    assert newest[0]["note"] == "4"
    assert owner.get(f"/api/tasks/{task.pk}/delegations/?state=offered").pointers == ["?state"]


def test_foreign_and_missing_are_alike(cast: Cast, task: Task, owner: Caller) -> None:
    path = hand_on(owner, task, cast.editor.pk).headers["Location"]
    outsider = Caller(cast.outsider)
    make_task(cast.outsider, make_project(cast.outsider, "Own"))
    with nothing_changes():
        for delegations in (f"/api/tasks/{task.pk}/delegations/", "/api/tasks/999999999/delegations/"):
            assert outsider.get(delegations).status == 404
            assert outsider.post(delegations, {"to": cast.outsider.pk}).status == 404
        for delegation in (path, "/api/delegations/999999999/"):
            assert outsider.get(delegation).status == 404
            assert outsider.patch(delegation, {"state": "accepted"}).status == 404
    empty = make_task(cast.owner, cast.project, "Never handed on")
    assert owner.get(f"/api/tasks/{empty.pk}/delegations/").body == {"results": [], "next": None, "previous": None}
