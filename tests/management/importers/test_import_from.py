"""`import_from`: each older system, from either database, into this one."""

from __future__ import annotations

import pytest
from django.core.management import CommandError
from django.test import Client

from baton.core.commands.sessions import check_login
from baton.core.commands.task_tally import correct_tallies
from baton.core.models import Comment, Event, OldId, Project, Task, User
from baton.core.queries.dialect_tokens import find_live_dialect_token
from tests.factories import make_project, make_task, make_user
from tests.management.importers.old_systems import (
    MASTER_TASK,
    MASTER_USER,
    OTHER_TOKEN,
    TOKEN,
    run,
)
from tests.traces import nothing_changes

pytestmark = pytest.mark.django_db


def test_issues_come_with_their_people_and_ids(issues: str) -> None:
    said = run("issuetracker", issues)

    assert "users: 3 imported, 0 here already, 0 left out" in said
    assert "tasks: 2 imported, 0 here already, 1 left out" in said
    assert "tokens: 2 imported, 0 here already, 1 left out" in said
    first = Task.objects.get(pk=1013)
    assert (first.title, first.description, first.status) == ("New issue 101", "Please take care", "todo")
    assert first.lead is not None
    assert (first.created_by.username, first.lead.username) == ("nithin", "Another user")
    assert (first.created_by.pk, first.created_by.email, first.created_by.name) == (41, "n@example.org", "Nithin Old")
    second = Task.objects.get(pk=1014)
    assert (second.status, second.completed_at is None) == ("done", False)
    assert first.project == second.project == Project.objects.get(name="Issues")
    assert (first.project.tasks_count, first.project.last_number) == (2, 2)
    assert correct_tallies() == 0
    told = Event.objects.get(verb="task.created", task=first)
    assert (told.actor_id, told.surface, told.changes["title"]) == (None, "import", [None, "New issue 101"])


def test_people_go_on_with_passwords_and_tokens(issues: str) -> None:
    run("issuetracker", issues)

    found = check_login("nithin", "first secret", "network")
    assert found is not None
    assert found.pk == 41
    assert check_login("nithin", "another", "network") is None
    assert check_login("gone", "third secret", "network") is None
    answer = Client().get("/issuetracker/api/issue/1013/", headers={"Authorization": f"Token {TOKEN}"})
    assert answer.status_code == 200
    assert answer.json()["created_by"] == "nithin"
    assert find_live_dialect_token(OTHER_TOKEN, "issuetracker") is None
    assert find_live_dialect_token(TOKEN, "tasktable") is None


def test_a_second_run_changes_nothing(issues: str) -> None:
    run("issuetracker", issues)
    with nothing_changes():
        said = run("issuetracker", issues)

    assert "users: 0 imported, 3 here already, 0 left out" in said
    assert "tasks: 0 imported, 2 here already, 1 left out" in said


def test_a_dry_run_changes_nothing_and_says_the_same(issues: str) -> None:
    with nothing_changes():
        dry = run("issuetracker", issues, "--dry-run")
    assert OldId.objects.count() == 0

    counts = [line for line in run("issuetracker", issues).splitlines() if " left out" in line]
    assert [line for line in dry.splitlines() if " left out" in line] == [
        line.replace(" imported", " would be imported") for line in counts
    ]


def test_new_rows_are_numbered_behind_the_kept_ids(issues: str) -> None:
    run("issuetracker", issues)

    user = make_user()
    assert user.pk > 43
    assert make_task(user, make_project(user)).pk > 1014


def test_who_is_called_alike_gets_another_name(issues: str) -> None:
    here = make_user("Nithin", email="n@example.org")
    said = run("issuetracker", issues)

    assert "'nithin' is called nithin-2 here" in said
    assert "'n@example.org', is not valid or somebody else's" in said
    brought = User.objects.get(username="nithin-2")
    assert (brought.email, Task.objects.get(title="New issue 101").created_by) == (None, brought)
    assert here.pk != brought.pk


def test_the_same_people_are_not_brought_twice(issues: str) -> None:
    here = make_user("Nithin", email="other@example.org")
    said = run("issuetracker", issues, "--same-people")

    assert "nithin is taken for the one here of that name" in said
    here.refresh_from_db()
    assert here.check_password("correct horse battery")
    assert Task.objects.get(title="New issue 101").created_by == here
    found = find_live_dialect_token(TOKEN, "issuetracker")
    assert found is not None
    assert found.user_id == here.pk


def test_an_id_that_was_ever_used_here_is_not_used_again(issues: str) -> None:
    Event.objects.create(verb="task.purged", task_id=1013, at="2026-01-01T00:00:00Z", surface="system")
    said = run("issuetracker", issues)

    assert "Tasks with another number here, since theirs is taken: 1." in said
    assert Task.objects.get(title="New issue 101").pk != 1013
    assert Task.objects.get(title="New issue 102").pk == 1014


def test_tasktable_comes_with_its_comments(table: str) -> None:
    said = run("tasktable", table)

    assert "comments: 2 imported, 0 here already, 1 left out" in said
    answer = Client().get("/tasktable/api/tasks/2001/", headers={"Authorization": f"Token {TOKEN}"})
    assert answer.status_code == 200
    task = answer.json()
    assert (task["id"], task["name"], task["due_date"], task["status"]) == (2001, "NY is in danger!", "2020-12-20", "w")
    assert (task["creator"]["username"], task["performer"]["username"]) == ("Peter Parker", "May")
    assert [(said["description"], said["post_date"]) for said in task["task_comments"]] == [
        ("Thanks", "01.12.2020 10:30"),
        ("I got faith in you", "01.12.2020 10:20"),
    ]
    assert Task.objects.get(pk=2001).comments_count == 2
    assert Task.objects.get(pk=2002).status == "todo"
    with nothing_changes():
        run("tasktable", table)


def test_a_name_that_is_taken_in_the_project_gets_a_number(table: str) -> None:
    run("tasktable", table)
    said = run("tasktable", table, "--source", "another", "--same-people")

    assert "Task 2001, 'NY is in danger!', is called 'NY is in danger! (2)' here." in said
    assert "tokens: 0 imported, 0 here already, 1 left out" in said
    assert Task.objects.filter(title__startswith="NY is in danger!").count() == 2


def test_who_needs_another_id_takes_none_that_is_kept(taskapi: str) -> None:
    User.objects.create(pk=1, username="first here")
    run("taskapi", taskapi)

    assert User.objects.get(username="olga").pk == 2
    assert User.objects.get(username="иван").pk > 2


def test_tasks_of_taskmaster_come_into_inboxes_under_their_uuids(master: str) -> None:
    said = run("taskmaster", master)

    assert "users: 1 imported" in said
    assert "tasks: 1 imported, 0 here already, 1 left out" in said
    user = User.objects.get(username="ada")
    assert str(user.uuid) == MASTER_USER
    task = Task.objects.get(title="Write")
    assert (str(task.uuid), task.status, task.created_by) == (MASTER_TASK, "in_progress", user)
    assert task.project == Project.objects.get(owner=user, is_inbox=True)
    assert task.created_at.isoformat() == "2022-03-01T10:00:00+00:00"
    assert check_login("ada@example.org", "old secret", "network") == user
    with nothing_changes():
        run("taskmaster", master)


@pytest.mark.parametrize(
    "url,said",
    [
        ("sqlite:////nowhere/at/all.sqlite3", "There is no file"),
        ("mysql://somewhere/else", "Name the database as"),
        ("nonsense", "Name the database as"),
        ("postgresql://nobody:x@127.0.0.1:1/none", "can't be read"),
    ],
)
def test_a_database_that_can_not_be_read_is_one_sentence(url: str, said: str) -> None:
    with nothing_changes(), pytest.raises(CommandError, match=said):
        run("issuetracker", url)


def test_another_systems_database_is_refused(issues: str) -> None:
    with nothing_changes(), pytest.raises(CommandError, match="No table of"):
        run("taskapi", issues)
    with nothing_changes(), pytest.raises(CommandError, match="There is no time zone Mars"):
        run("taskapi", issues, "--time-zone", "Mars/Base")


def test_nothing_is_left_of_an_import_that_fails(issues: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_values: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("baton.core.commands.old_system_import.import_comments", fail)
    with nothing_changes(), pytest.raises(RuntimeError):
        run("issuetracker", issues)
    assert not Comment.objects.exists()
