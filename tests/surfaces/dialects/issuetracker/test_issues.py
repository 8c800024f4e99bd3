"""What this dialect can't express survives it, and who may do what."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from baton.core.actor import Actor
from baton.core.commands.accounts import change_password
from baton.core.commands.projects import trash_project
from baton.core.models import Event, Project, Task, User
from baton.core.queries.tasks import get_task
from baton.surfaces.dialects.issuetracker.mapping import ISSUES, issues_project
from tests.cast import Cast
from tests.factories import PASSWORD, actor_of, make_task
from tests.surfaces.dialects.issuetracker.client import IssueClient
from tests.traces import nothing_changes, verbs_of

pytestmark = pytest.mark.django_db
LONG = "Water the plants of " + "everybody " * 16
DUE = datetime(2030, 4, 3, 17, 45, 12, tzinfo=UTC)
WORDY = "All of them. " * 40


def issues() -> Project:
    return Project.objects.get(pk=issues_project(Actor(None, surface="issuetracker")))


def issue_of(user: User, assignee: User | None, title: str = "Water", **fields: Any) -> Task:
    people = [assignee.pk] if assignee else []
    return make_task(user, issues(), title, **{"description": "All.", "assignees": people, **fields})


def body(**fields: object) -> dict[str, object]:
    return {"title": "Water", "description": "All.", "status": "open", "assigned_to": "edgar", **fields}


def test_the_project_is_open_and_its_creators_decide(cast: Cast) -> None:
    IssueClient(cast.owner).ask("POST", "/api/issue/", body())

    project = Project.objects.get(uuid=ISSUES.uuid)
    assert (project.key, project.name, project.visibility) == ("ISSUES", "Issues", "open")
    assert (project.creators_decide, project.assignees_edit, project.unique_titles) == (True, False, False)


def test_reading_makes_no_project(cast: Cast) -> None:
    client = IssueClient(cast.owner)

    with nothing_changes():
        assert client.ask("GET", "/api/issue/1/") == (404, {"detail": "Not found."})


@pytest.mark.parametrize("state", ["todo", "planned", "in_progress", "review", "done"])
@pytest.mark.parametrize("word,meant", [("open", "todo"), ("closed", "done")])
def test_every_word_from_every_state(cast: Cast, state: str, word: str, meant: str) -> None:
    task = issue_of(cast.owner, cast.editor, status=state)
    shown = "closed" if state == "done" else "open"
    client = IssueClient(cast.owner)

    assert client.ask("GET", f"/api/issue/{task.pk}/")[1]["status"] == shown
    assert client.ask("PATCH", f"/api/issue/{task.pk}/", {"status": word})[1]["status"] == word
    assert Task.objects.get(pk=task.pk).status == (state if shown == word else meant)


def test_reading_and_writing_back_loses_nothing(cast: Cast) -> None:
    task = issue_of(
        cast.owner,
        None,
        LONG,
        description=WORDY,
        status="review",
        due_at=DUE,
        assignees=[cast.editor.pk, cast.viewer.pk, cast.newcomer.pk],
        labels=["garden"],
        priority=3,
    )
    client = IssueClient(cast.owner)
    before = get_task(actor_of(cast.owner), task.pk)

    read = client.ask("GET", f"/api/issue/{task.pk}/")[1]
    answer = client.ask("PUT", f"/api/issue/{task.pk}/", read)

    assert answer == (200, read)
    assert get_task(actor_of(cast.owner), task.pk) == before
    assert verbs_of(task) == ["task.created"]


def test_a_changed_part_leaves_the_rest(cast: Cast) -> None:
    people = [cast.editor.pk, cast.viewer.pk, cast.newcomer.pk]
    task = issue_of(cast.owner, None, LONG, description=WORDY, status="review", due_at=DUE, assignees=people)
    client = IssueClient(cast.owner)
    read = client.ask("GET", f"/api/issue/{task.pk}/")[1]

    client.ask("PUT", f"/api/issue/{task.pk}/", {**read, "description": "Less."})
    assert get_task(actor_of(cast.owner), task.pk).description == "Less."
    client.ask("PUT", f"/api/issue/{task.pk}/", {**read, "description": "Less.", "assigned_to": "otto"})

    changed = get_task(actor_of(cast.owner), task.pk)
    assert (changed.title, changed.status, changed.due_date) == (LONG, "review", DUE)
    assert [person.id for person in changed.assignees] == [cast.outsider.pk, cast.viewer.pk, cast.newcomer.pk]


def test_what_this_dialect_would_not_take_may_be_sent_back(cast: Cast) -> None:
    task = issue_of(cast.owner, None, description="")
    client = IssueClient(cast.owner)
    read = client.ask("GET", f"/api/issue/{task.pk}/")[1]
    assert (read["description"], read["assigned_to"]) == ("", None)

    assert client.ask("PUT", f"/api/issue/{task.pk}/", {**read, "title": "Plants"}) == (
        200,
        {**read, "title": "Plants"},
    )
    assert client.ask("PUT", f"/api/issue/{task.pk}/", {**read, "description": LONG * 2})[0] == 400


def test_who_has_left_may_still_be_sent_back(cast: Cast) -> None:
    task = issue_of(cast.owner, cast.editor)
    User.objects.filter(pk=cast.editor.pk).update(is_active=False)
    client = IssueClient(cast.owner)
    read = client.ask("GET", f"/api/issue/{task.pk}/")[1]

    assert client.ask("PUT", f"/api/issue/{task.pk}/", {**read, "title": "Plants"})[0] == 200
    assert client.ask("POST", "/api/issue/", body()) == (
        400,
        {"assigned_to": ["Object with username=edgar does not exist."]},
    )


def test_only_its_creator_changes_an_issue(cast: Cast) -> None:
    task = issue_of(cast.owner, cast.editor)
    denied = (403, {"detail": "You do not have permission to perform this action."})

    for person in (cast.editor, cast.outsider):
        client = IssueClient(person)
        with nothing_changes():
            read = client.ask("GET", f"/api/issue/{task.pk}/")[1]
            assert client.ask("PATCH", f"/api/issue/{task.pk}/", {"status": "closed"}) == denied
            assert client.ask("PUT", f"/api/issue/{task.pk}/", read) == denied
            assert client.ask("PATCH", f"/api/issue/{task.pk}/", {"status": "Closed"}) == denied
            assert client.ask("DELETE", f"/api/issue/{task.pk}/") == denied


def test_nobody_is_the_keeper(cast: Cast) -> None:
    keeper = issues().owner
    client = IssueClient(cast.owner)

    with nothing_changes():
        assert client.ask("POST", "/api/issue/", body(assigned_to=keeper.username))[0] == 400


def test_a_task_of_another_project_is_no_issue(cast: Cast) -> None:
    issues()
    task = make_task(cast.owner, cast.project)
    client = IssueClient(cast.owner)

    with nothing_changes():
        for method in ("GET", "PUT", "PATCH", "DELETE"):
            assert client.ask(method, f"/api/issue/{task.pk}/", body()) == (404, {"detail": "Not found."})
        assert client.ask("GET", "/api/issue/") == (200, [])


def test_the_operator_names_another_project(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project, assignees=[cast.editor.pk], description="x")
    with override_settings(BATON_ISSUETRACKER_PROJECT=cast.project.key):
        assert [issue["id"] for issue in IssueClient(cast.viewer).ask("GET", "/api/issue/")[1]] == [task.pk]
        assert IssueClient(cast.editor).ask("POST", "/api/issue/", body(assigned_to="olga"))[0] == 201
        assert IssueClient(cast.viewer).ask("POST", "/api/issue/", body())[0] == 403
        # Whoever does not see the project finds nothing in it, and nothing to put it in.
        assert IssueClient(cast.outsider).ask("GET", "/api/issue/") == (200, [])
        assert IssueClient(cast.outsider).ask("POST", "/api/issue/", body())[0] == 404
        # Its own rules hold: people without a view of it can't be assigned.
        assert IssueClient(cast.owner).ask("POST", "/api/issue/", body(assigned_to="otto")) == (
            400,
            {"assigned_to": ["Object with this username does not exist."]},
        )
    with override_settings(BATON_ISSUETRACKER_PROJECT="NOWHERE"):
        assert IssueClient(cast.owner).ask("POST", "/api/issue/", body())[0] == 409


def test_a_project_in_the_trash_holds_no_issues(cast: Cast) -> None:
    issue_of(cast.owner, cast.editor)
    project = issues()
    trash_project(actor_of(project.owner), project.pk)

    assert IssueClient(cast.owner).ask("GET", "/api/issue/") == (200, [])
    assert IssueClient(cast.owner).ask("POST", "/api/issue/", body())[0] == 404


def test_the_events_say_which_way_the_change_came(cast: Cast) -> None:
    client = IssueClient(cast.owner)
    issue = client.ask("POST", "/api/issue/", body())[1]["id"]
    client.ask("PUT", f"/api/issue/{issue}/", body(status="closed", title="Done", assigned_to="olga"))
    client.ask("DELETE", f"/api/issue/{issue}/")

    events = Event.objects.filter(task=issue).order_by("id")
    assert [event.verb for event in events] == [
        "task.created",
        "task.edited",
        "task.status_changed",
        "task.assigned",
        "task.trashed",
    ]
    assert {event.surface for event in events} == {"issuetracker"}


def test_a_new_password_ends_the_token(cast: Cast) -> None:
    client = IssueClient(cast.owner)
    change_password(actor_of(cast.owner), PASSWORD, "another battery of horses", "network")

    assert client.ask("GET", "/api/issue/") == (401, {"detail": "Invalid token."})


def test_guesses_are_counted(cast: Cast) -> None:
    path = "/api/user/get_auth_token/"
    answers = [IssueClient().ask("POST", path, {"username": "olga", "password": f"{n}"}) for n in range(12)]

    assert answers[0] == (400, {"non_field_errors": ["Unable to log in with provided credentials."]})
    assert (answers[-1][0], list(answers[-1][1])) == (429, ["detail"])


@pytest.mark.parametrize("count", [1, 40])
def test_a_list_costs_two_queries_however_long(cast: Cast, count: int) -> None:
    for _ in range(count):
        issue_of(cast.owner, None, assignees=[cast.editor.pk, cast.viewer.pk], labels=["a"])
    client = IssueClient(cast.owner)
    client.ask("GET", "/api/issue/")

    with CaptureQueriesContext(connection) as queries:
        assert len(client.ask("GET", "/api/issue/")[1]) == count
    assert len(queries) == 2


def test_it_stands_at_the_root_of_its_host(cast: Cast) -> None:
    task = issue_of(cast.owner, cast.editor)
    with override_settings(BATON_DIALECT_HOSTS={"issues.example.com": "issuetracker"}, ALLOWED_HOSTS=["*"]):
        client = IssueClient(cast.owner, SERVER_NAME="issues.example.com")

        assert client.ask("GET", f"/api/issue/{task.pk}/", prefix="")[1]["id"] == task.pk
        assert client.ask("GET", "/api/nothing/", prefix="") == (404, {"detail": "Not found."})
