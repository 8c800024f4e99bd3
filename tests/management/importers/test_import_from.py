"""`import_from`: each older system, from either database, into this one."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from hashlib import md5
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from baton.core.commands.sessions import check_login
from baton.core.commands.task_tally import correct_tallies
from baton.core.models import Comment, Event, OldId, Project, Task, User
from baton.core.queries.dialect_tokens import find_live_dialect_token
from baton.lib import old_hashes
from tests.factories import make_project, make_task, make_user
from tests.management.importers.old_databases import DECOYS, Table, auth_user, kinds, old_database, tokens
from tests.traces import nothing_changes

pytestmark = pytest.mark.django_db

TOKEN = "b960c34bc063d6ff7706e678531487ca0972a099"
OTHER_TOKEN = "5e45c4c213ca51ff49dc929120cde0fbf1d68180"
ISSUES: Mapping[str, Table] = {
    **DECOYS,
    "auth_user": auth_user(
        (41, "nithin", "first secret", "n@example.org", True),
        (42, "Another user", "second secret", "", True),
        (43, "gone", "third secret", "gone@example.org", False),
    ),
    "authtoken_token": tokens((TOKEN, 41), (OTHER_TOKEN, 43), ("not a token", 42)),
    "issues_issue": (
        (
            "id integer, title varchar(50), description varchar(200), status varchar(10), assigned_to_id integer, "
            "created_by_id integer"
        ),
        [
            (1013, "New issue 101", "Please take care", "open", 42, 41),
            (1014, "New issue 102", "", "closed", 43, 42),
            (1015, "Nobody's", "", "open", 41, 99),
        ],
    ),
}


@pytest.fixture(params=kinds())
def kind(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def run(system: str, url: str, *options: str) -> str:
    out = StringIO()
    call_command("import_from", system, url, *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def issues(kind: str, tmp_path: Path) -> Iterator[str]:
    with old_database(kind, ISSUES, tmp_path) as url:
        yield url


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


TASK_COLUMNS = """
id integer, name varchar(200), specification text, due_date date, creator_id integer, performer_id integer,
status varchar(1)
"""
TABLE: Mapping[str, Table] = {
    **DECOYS,
    "auth_user": auth_user(
        (51, "Peter Parker", "secret", "pparker62@gmail.com", True),
        (52, "May", "aunt", "may@example.org", True),
    ),
    "authtoken_token": tokens((TOKEN, 51)),
    "tasktable_task": (
        TASK_COLUMNS,
        [
            (2001, "NY is in danger!", "Venom plans", "2020-12-20", 51, 52, "w"),
            (2002, "Sleep", "", None, 52, None, ""),
        ],
    ),
    "tasktable_comment": (
        "id integer, description text, post_date timestamp, author_id integer, task_id integer",
        [
            (1, "I got faith in you", "2020-12-01 10:20:30", 52, 2001),
            (2, "Thanks", "2020-12-01 10:30:30", 51, 2001),
            (3, "Of nothing", "2020-12-01 10:30:30", 51, 7777),
        ],
    ),
}


@pytest.fixture
def table(kind: str, tmp_path: Path) -> Iterator[str]:
    with old_database(kind, TABLE, tmp_path) as url:
        yield url


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


MASTER_USER, MASTER_TASK = "6d1f5a60-0000-4000-8000-00000000000a", "6d1f5a60-0000-4000-8000-00000000000b"


@pytest.fixture
def master(kind: str, tmp_path: Path) -> Iterator[str]:
    uuid_type = "char(32)" if kind == "sqlite" else "uuid"

    def shown(text: str) -> str:
        return text.replace("-", "") if kind == "sqlite" else text

    _, [row] = auth_user((1, "ada", "old secret", "ada@example.org", True))
    user = [shown(MASTER_USER), *row[1:8], True, "2022-01-01 10:00:00", "2022-02-01 10:00:00"]
    tables: dict[str, Table] = {
        "accounts_user": (
            (f"id {uuid_type}, password varchar(128), last_login timestamp, is_superuser boolean, "
            "username varchar(255), first_name varchar(255), last_name varchar(255), email varchar(255), "
            "is_active boolean, date_created timestamp, last_updated timestamp"),
            [user],
        ),
        "tasks_task": (
            (f"id {uuid_type}, title varchar(100), description text, status_task varchar(20), "
            f"date_created timestamp, last_updated timestamp, user_id {uuid_type}"),
            [
                (shown(MASTER_TASK), "Write", "It down", "IN PROGRESS", "2022-03-01 10:00:00", "2022-03-02 10:00:00",
                 shown(MASTER_USER)),
                (shown(MASTER_USER), "Ownerless", "", "TO DO", "2022-03-01 10:00:00", "2022-03-02 10:00:00", None),
            ],
        ),
    }  # fmt: skip
    with old_database(kind, tables, tmp_path) as url:
        yield url


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


SALT = "pepper & salt"


def salted(password: str, *, before: bool) -> str:
    return md5((SALT + password if before else password + SALT).encode()).hexdigest()


@pytest.fixture
def taskapi(kind: str, tmp_path: Path) -> Iterator[str]:
    day = "2020-10-02"
    tables: dict[str, Table] = {
        "user": (
            "id integer, login varchar(50), password varchar(255)",
            [(1, "иван", salted("пароль", before=False)), (2, "olga", salted("secret", before=True))],
        ),
        "task": (
            "id integer, name varchar(50), description text, status varchar(20), completion_at date, user_id integer",
            [
                (7, "Новая", "Описание", "new", day, 1),
                (8, "Готова", "Описание", "сompleted", None, 1),
                (9, "Hers", "Text", "in_work", None, 2),
            ],
        ),
        "log": (
            "id integer, date timestamp, log varchar(200), task_id integer",
            [
                (1, "2020-09-01 12:00:00.000001", "Значение поля status изменено на planned", 7),
                (2, "2020-09-02 12:00:00.000002", "Значение поля status изменено на new", 7),
                (3, "2020-09-02 12:00:00.000002", "Значение поля name изменено на X", 77),
            ],
        ),
    }
    with old_database(kind, tables, tmp_path) as url:
        yield url


def test_taskapi_comes_with_its_log_and_its_passwords(taskapi: str) -> None:
    said = run("taskapi", taskapi, "--salt", SALT, "--time-zone", "Europe/Moscow")

    assert "users: 2 imported" in said
    assert "tasks: 3 imported" in said
    assert "entries of history: 2 imported, 0 here already, 1 left out" in said
    client = Client()
    token = client.post("/taskapi/get-token", {"login": "иван", "password": "пароль"}).json()["access_token"]
    headers: Any = {"Authorization": f"Bearer {token}"}
    assert client.get("/taskapi/task", headers=headers).json() == [
        {"id": 7, "name": "Новая", "description": "Описание", "status": "new", "completion_at": "02-10-2020"},
        {"id": 8, "name": "Готова", "description": "Описание", "status": "сompleted"},
    ]
    assert client.get("/taskapi/task/7/log", headers=headers).json() == [
        {"date": "2020-09-01 09:00:00.000001", "log": "Значение поля status изменено на planned"},
        {"date": "2020-09-02 09:00:00.000002", "log": "Значение поля status изменено на new"},
    ]
    with nothing_changes():
        run("taskapi", taskapi, "--salt", SALT)


def test_a_salt_beyond_measure_is_refused(taskapi: str) -> None:
    with nothing_changes(), pytest.raises(CommandError, match="more than 90 bytes"):
        run("taskapi", taskapi, "--salt", "x" * 91)
    run("taskapi", taskapi, "--salt", "x" * 90)


def test_the_salt_may_have_stood_on_either_side_and_the_hash_is_renewed(taskapi: str) -> None:
    run("taskapi", taskapi, "--salt", SALT)
    user = User.objects.get(username="olga")
    assert user.password.startswith("argon2_salted_md5$")
    assert "secret" not in user.password

    assert check_login("olga", "secre", "network") is None
    assert check_login("olga", "secret", "network") == user
    user.refresh_from_db()
    assert not user.password.startswith("argon2_salted_md5$")
    assert check_login("olga", "secret", "network") == user


def test_without_the_salt_nobody_logs_in(taskapi: str) -> None:
    said = run("taskapi", taskapi)

    assert "The password of olga can't be read here" in said
    assert not User.objects.get(username="olga").has_usable_password()


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


def test_passwords_are_made_slow_once_and_before_anything_is_locked(
    taskapi: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrapped: list[str] = []

    def wrap(bare: str) -> str:
        assert not OldId.objects.exists()
        wrapped.append(bare)
        return old_hashes.wrapped(bare)

    monkeypatch.setattr("baton.core.commands.old_system_people.wrapped", wrap)
    run("taskapi", taskapi, "--salt", SALT, "--dry-run")
    assert wrapped == []
    run("taskapi", taskapi, "--salt", SALT)
    assert len(wrapped) == 2
    run("taskapi", taskapi, "--salt", SALT)
    assert len(wrapped) == 2
    assert {user.password.partition("$")[0] for user in User.objects.all()} == {"argon2_salted_md5"}


@pytest.fixture
def media(tmp_path: Path) -> Path:
    folder, outside = tmp_path / "mediafiles", tmp_path / "outside.txt"
    folder.mkdir()
    outside.write_bytes(b"secret")
    (folder / "photo of May.txt").write_bytes(b"May" * 1_000_000)
    (folder / "plain.txt").write_bytes(b"plain")
    (folder / "inside.txt").symlink_to("plain.txt")
    (folder / "leads-out.txt").symlink_to(outside)
    (folder / "leads-up.txt").symlink_to("../outside.txt")
    (folder / "leads-nowhere.txt").symlink_to("nothing")
    (folder / "leads-in-a-circle").symlink_to("leads-in-a-circle")
    (folder / "folder").mkdir()
    os.mkfifo(folder / "pipe")
    return folder


def test_files_keep_their_addresses(table: str, media: Path) -> None:
    with nothing_changes():
        dry = run("tasktable", table, "--media", str(media), "--dry-run")
    assert "files: 3 would be imported, 0 here already, 6 left out" in dry
    said = run("tasktable", table, "--media", str(media))

    assert "files: 3 imported, 0 here already, 6 left out" in said
    assert "'leads-out.txt' is no file of that folder" in said
    headers = {"Authorization": f"Token {TOKEN}"}
    answer = Client().get("/tasktable/mediafiles/photo%20of%20May.txt", headers=headers)
    assert answer.status_code == 200
    assert answer.getvalue() == b"May" * 1_000_000
    assert Client().get("/tasktable/mediafiles/leads-out.txt", headers=headers).status_code == 404
    assert Client().get("/tasktable/mediafiles/plain.txt").status_code == 403
    event = Event.objects.filter(verb="file.shared").first()
    assert event is not None
    assert (event.actor_id, event.surface) == (None, "import")
    (media / "new.txt").write_bytes(b"new")
    assert "files: 1 imported, 3 here already, 6 left out" in run("tasktable", table, "--media", str(media))


def test_a_file_that_goes_by_another_name_here_is_told(table: str, media: Path) -> None:
    (media / "two  blanks.txt").write_bytes(b"x")
    os.close(os.open(os.fsencode(media) + b"/not-utf8-\xff.txt", os.O_CREAT | os.O_WRONLY))
    said = run("tasktable", table, "--media", str(media))

    assert "The file 'two  blanks.txt' is called 'two blanks.txt' here" in said
    assert r"'not-utf8-\udcff.txt' is called 'not-utf8-.txt' here" in said


def test_a_folder_of_files_is_one(table: str, issues: str, tmp_path: Path) -> None:
    with nothing_changes(), pytest.raises(CommandError, match="can't be read"):
        run("tasktable", table, "--media", str(tmp_path / "nothing"))
    with nothing_changes(), pytest.raises(CommandError, match="Only tasktable had files"):
        run("issuetracker", issues, "--media", str(tmp_path))
