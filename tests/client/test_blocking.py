"""The client against a real server: what an application does, and how refusals arrive."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from baton.client import Client, Denied, Invalid, NotFound, NotLoggedIn, Stale, Unreachable
from tests.client.conftest import BRISK, Somebody, register
from tests.runtime.serving import free_port


def test_two_people_hand_a_task_on(somebody: Somebody) -> None:
    anna, boris = somebody.client, register(somebody.url)
    project = somebody.project.id
    anna.add_member(project, boris.username, role="editor")
    assert {member.username: member.role for member in anna.list_members(project)} == {
        somebody.username: "owner",
        boris.username: "editor",
    }
    due = datetime(2030, 1, 2, 12, tzinfo=UTC)
    task = anna.create_task(project, "Check the lamp", labels=["light"], due_date=due, priority="high")
    assert (task.due_date, task.labels, task.priority) == (due, ["light"], "high")
    anna_id, boris_id = anna.get_profile().id, boris.client.get_profile().id
    assert [person.id for person in anna.assign_task(task.id, [anna_id]).assignees] == [anna_id]

    delegation = anna.delegate_task(task.id, boris_id, note="I am at sea.")
    assert [found.id for found in anna.list_tasks(waiting_for="me")] == [task.id]
    assert boris.client.answer_delegation(delegation.id, "accepted", note="Gladly.").state == "accepted"
    assert [each.answer for each in anna.list_delegations(task.id)] == ["Gladly."]
    boris.client.add_comment(task.id, "The wick is worn.")
    assert [comment.text for comment in anna.list_comments(task.id)] == ["The wick is worn."]
    assert boris.client.change_status(task.id, "done").completed_at is not None
    assert {"task.created", "task.delegated", "comment.added"} <= {each.verb for each in anna.list_history(task.id)}

    anna.trash_task(task.id)
    with pytest.raises(NotFound):
        anna.get_task(task.id)
    boris.client.close()


def test_a_list_is_followed_over_its_pages(somebody: Somebody) -> None:
    titles = [f"Lamp {number}" for number in range(7)]
    for title in titles:
        somebody.client.create_task(somebody.project.id, title)

    found = somebody.client.list_tasks(project=somebody.project.id, ordering="created_at", page_size=3)

    assert [task.title for task in found] == titles


def test_a_refusal_names_every_field(somebody: Somebody) -> None:
    with pytest.raises(Invalid) as refused:
        somebody.client.create_task(somebody.project.id, "", priority="urgent")

    assert (refused.value.status, refused.value.code) == (400, "invalid")
    assert {error.pointer for error in refused.value.errors} == {"/title", "/priority"}
    assert refused.value.request_id
    assert "/title" in str(refused.value)


def test_a_stale_version_changes_nothing(somebody: Somebody) -> None:
    client = somebody.client
    task = client.create_task(somebody.project.id, "Check the lamp")
    client.edit_task(task.id, version=task.version, title="Check the light")

    with pytest.raises(Stale):
        client.edit_task(task.id, version=task.version, title="Check the horn")
    assert client.get_task(task.id).title == "Check the light"


def test_anything_else_is_a_request(somebody: Somebody) -> None:
    assert somebody.client.request("GET", "/api/tasks/", query={"count": True})["count"] == 0
    task = somebody.client.create_task(somebody.project.id, "Check the lamp")
    assert somebody.client.request("PUT", f"/api/tasks/{task.id}/watch/") is None


def test_an_api_token_does_what_its_scopes_allow(somebody: Somebody) -> None:
    made = somebody.client.request("POST", "/api/auth/tokens/", json={"name": "reader", "scopes": ["read"]})
    with Client(somebody.url, token=made["secret"], patience=BRISK) as reader:
        assert somebody.project.key in [project.key for project in reader.list_projects()]
        with pytest.raises(Denied) as refused:
            reader.create_project("Mine")
    assert refused.value.code == "insufficient_scope"


def test_nobody_is_told_to_log_in(somebody: Somebody) -> None:
    with Client(somebody.url, patience=BRISK) as nobody:
        with pytest.raises(NotLoggedIn):
            nobody.get_profile()
        with pytest.raises(NotLoggedIn):
            nobody.log_in(somebody.username, "wrong")


def test_after_logging_out_the_session_is_over(somebody: Somebody) -> None:
    somebody.client.log_out()

    with somebody.another(tokens=somebody.tokens) as again, pytest.raises(NotLoggedIn):
        again.get_profile()


def test_no_server_is_said_after_the_tries() -> None:
    with Client(f"http://127.0.0.1:{free_port()}", patience=BRISK) as client, pytest.raises(Unreachable):
        client.get_profile()


@pytest.mark.parametrize("url", ["nonsense", "ftp://example.org", "http://", ""])
def test_an_address_that_is_none_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        Client(url)


def test_two_credentials_are_a_mistake(somebody: Somebody) -> None:
    with pytest.raises(TypeError):
        Client(somebody.url, token="bat_x", tokens=somebody.tokens)
