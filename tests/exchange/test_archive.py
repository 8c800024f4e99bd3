"""Archives over HTTP: what goes out comes in again, and goes out the same."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from baton.core.commands.comments import add_comment
from baton.core.commands.projects import create_project
from baton.core.commands.task_status import change_status
from baton.core.commands.tasks import edit_task, trash_task
from baton.core.models import Attachment, Comment, Event, Member, Project, Role, Task, User
from tests.cast import Cast
from tests.core.commands.scenarios import make_full_task
from tests.factories import actor_of, add_member, make_task, make_user
from tests.files.forms import Sender, form
from tests.stores import files_in
from tests.traces import nothing_changes

LAST = b"PK\x05\x06"


@pytest.fixture
def full(cast: Cast, store: Path) -> Task:
    """Return one of several tasks of a project in which everything has happened."""
    task = make_full_task(cast)
    done = make_task(cast.editor, cast.project, "=HYPERLINK()", labels=["один; два", "daily"])
    change_status(actor_of(cast.editor), done.pk, "done")
    edit_task(actor_of(cast.owner), done.pk, {"assignees": [cast.viewer.pk], "description": "a\r\nb \u2028 ё"})
    trash_task(actor_of(cast.owner), make_task(cast.owner, cast.project, "Gone").pk)
    add_comment(actor_of(cast.editor), task.pk, "Второй")
    Sender(cast.editor).attach(task.pk, b"Hello", "заметки.txt")
    Sender(cast.newcomer).attach(task.pk, b"Hello", "twice.txt")
    Sender(cast.newcomer).attach(done.pk, b"\x89PNG no picture", "x.png")
    return task


def export(user: User, project_id: int, kind: str = "json") -> bytes:
    answer = Sender(user).get(f"/api/projects/{project_id}/export/", QUERY_STRING=f"format={kind}")
    assert answer.status_code == 200, answer.body
    assert int(answer.headers["Content-Length"]) == len(answer.body)
    body: bytes = answer.body
    return body


def bring(user: User, content: bytes, name: str = "x.zip", **fields: str) -> Any:
    return Sender(user).send("/api/import/", form(("file", name, content), fields=fields))


def document(archive: bytes) -> Any:
    with ZipFile(BytesIO(archive)) as opened:
        return json.loads(opened.read("baton.json"))


def packed(said: object, **files: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("baton.json", json.dumps(said))
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_an_export_is_the_same_each_time(cast: Cast, full: Task) -> None:
    first = export(cast.owner, cast.project.pk)
    assert export(cast.owner, cast.project.pk) == first
    said = document(first)
    assert [task["number"] for task in said["tasks"]] == [1, 2, 3]
    assert said["tasks"][1]["assignees"] == ["nina", "vera"]
    assert said["tasks"][1]["comments"][1] | {"created_at": ""} == {
        "author": "edgar",
        "text": "Второй",
        "created_at": "",
        "edited_at": None,
    }
    assert [person["email"] for person in said["people"]] == [
        "edgar@example.org",
        None,
        "olga@example.org",
        "vera@example.org",
    ]
    with ZipFile(BytesIO(first)) as opened:
        assert len(opened.namelist()) == 3, "two contents, one of them attached twice"


def test_a_stranger_elsewhere_imports_and_exports_the_same_bytes(cast: Cast, full: Task, store: Path) -> None:
    """The outsider knows nobody of those the archive names, as if on another server."""
    first = export(cast.owner, cast.project.pk)
    answer = bring(cast.outsider, first)
    assert answer.status_code == 201, answer.content
    report = answer.json()
    told = len(document(first)["history"])
    assert report["created"] == {
        "projects": 1, "tasks": 3, "comments": 2, "attachments": 3, "labels": 3, "history": told,
    }  # fmt: skip
    assert report["people"] == {"matched": [], "unmatched": ["edgar", "nina", "olga", "vera"]}
    project = Project.objects.get(pk=report["project"])
    assert project.key != cast.project.key
    assert list(Member.objects.filter(project=project).values_list("user_id", "role")) == [
        (cast.outsider.pk, Role.OWNER)
    ]
    second = export(cast.outsider, project.pk)
    assert document(second) == document(first)
    assert second == first
    third = bring(cast.outsider, second)
    assert export(cast.outsider, third.json()["project"]) == first


def test_a_colleague_imports_and_exports_the_same_bytes(cast: Cast, full: Task) -> None:
    """Who works with those people finds them again, by their addresses, on their tasks."""
    first = export(cast.owner, cast.project.pk)
    report = bring(cast.editor, first).json()
    assert report["people"] == {"matched": ["edgar", "olga", "vera"], "unmatched": ["nina"]}
    copy = Task.objects.get(project=report["project"], number=full.number)
    assert list(copy.assignments.values_list("user_id", flat=True)) == [cast.viewer.pk]
    assert export(cast.editor, report["project"]) == first


def test_what_changed_since_the_import_is_exported_as_it_is(cast: Cast, full: Task) -> None:
    report = bring(cast.outsider, export(cast.owner, cast.project.pk)).json()
    copy = Task.objects.get(project=report["project"], number=full.number)
    edit_task(actor_of(cast.outsider), copy.pk, {"title": "Mine", "assignees": [cast.outsider.pk]})
    said = document(export(cast.outsider, report["project"]))
    task = said["tasks"][1]
    assert (task["title"], task["assignees"], task["created_by"]) == ("Mine", ["otto"], "olga")
    assert [fact["verb"] for fact in said["history"][-2:]] == ["task.edited", "task.assigned"]
    assert said["history"][-1]["actor"] == "otto"


def test_nobody_is_made_to_have_said_anything(cast: Cast, full: Task) -> None:
    newest = Event.objects.latest("pk").pk
    report = bring(cast.editor, export(cast.owner, cast.project.pk)).json()
    project = report["project"]
    assert set(Comment.objects.filter(task__project=project).values_list("author_id", flat=True)) == {cast.editor.pk}
    assert set(Task.objects.filter(project=project).values_list("created_by_id", flat=True)) == {cast.editor.pk}
    assert set(Attachment.objects.filter(task__project=project).values_list("uploaded_by_id", flat=True)) == {
        cast.editor.pk
    }
    brought = Event.objects.filter(pk__gt=newest, project=project)
    assert set(brought.values_list("actor_id", flat=True)) == {cast.editor.pk}
    assert set(brought.values_list("surface", flat=True)) == {"import"}
    told = brought.filter(verb="history.imported")
    assert told.count() == len(document(export(cast.owner, cast.project.pk))["history"])
    first = told.order_by("pk")[0]
    assert first.data["told"] == "project.created"
    assert first.data["actor"] == "olga"


def test_a_dry_run_leaves_nothing(cast: Cast, full: Task, store: Path) -> None:
    archive = export(cast.owner, cast.project.pk)
    kept = files_in(store)
    sender = Sender(cast.outsider)
    with nothing_changes():
        answer = sender.send("/api/import/", form(("file", "x.zip", archive), fields={"dry_run": "true"}))
    assert answer.status_code == 200
    assert (answer.json()["created"]["tasks"], answer.json()["project"], answer.json()["errors"]) == (3, None, [])
    assert files_in(store) == kept


def test_who_may_export(cast: Cast, full: Task) -> None:
    viewers = document(export(cast.viewer, cast.project.pk))
    assert {person["email"] for person in viewers["people"]} == {None}
    assert Sender(cast.outsider).get(f"/api/projects/{cast.project.pk}/export/").status_code == 404
    opened = create_project(actor_of(cast.owner), {"name": "Open", "visibility": "open"})
    assert Sender(cast.outsider).get(f"/api/projects/{opened.pk}/export/").status_code == 403
    unknown = Sender(cast.owner).get(f"/api/projects/{cast.project.pk}/export/", QUERY_STRING="format=xml")
    assert unknown.status_code == 400


@pytest.mark.parametrize(
    "path, value, pointer",
    [
        (("tasks", 0, "title"), "", "/tasks/0/title"),
        (("tasks", 0, "number"), 0, "/tasks/0/number"),
        (("tasks", 1, "number"), 1, "/tasks/0/number"),
        (("tasks", 0, "parent"), 1, "/tasks/0/parent"),
        (("tasks", 0, "parent"), 99, "/tasks/0/parent"),
        (("tasks", 0, "rank"), "00000002", "/tasks/0/rank"),
        (("tasks", 0, "status"), "done", "/tasks/0/completed_at"),
        (("tasks", 0, "priority"), "huge", "/tasks/0/priority"),
        (("tasks", 0, "created_by"), "ghost", "/people"),
        (("tasks", 0, "labels"), ["x" * 51], "/tasks/0/labels/0"),
        (("tasks", 0, "due_date"), "2026-01-01T00:00:00", "/tasks/0/due_date"),
        (("tasks", 0, "title"), 7, "/file"),
        (("tasks", 0, "owner_id"), 7, "/file"),
        (("tasks", 1, "comments", 0, "text"), " ", "/tasks/1/comments/0/text"),
        (("tasks", 1, "attachments", 0, "sha256"), "../../etc/passwd", "/tasks/1/attachments/0/sha256"),
        (("history", 0, "details"), {"a": ["\0"]}, "/history/0/details"),
        (("history", 0, "at"), "yesterday", "/history/0/at"),
        (("history", 0, "verb"), "<b>", "/history/0/verb"),
        (("project", "last_number"), 2**40, "/project/last_number"),
        (("version",), 2, "/version"),
    ],
)
def test_a_forged_archive_changes_nothing(
    cast: Cast, full: Task, store: Path, path: tuple[Any, ...], value: Any, pointer: str
) -> None:
    said = document(export(cast.owner, cast.project.pk))
    place = said
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    sender, kept = Sender(cast.outsider), files_in(store)
    with nothing_changes():
        answer = sender.send("/api/import/", form(("file", "x.zip", packed(said))))
    assert answer.status_code == 400
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]
    assert files_in(store) == kept


def test_hostile_archives(cast: Cast, full: Task, store: Path) -> None:
    archive = export(cast.owner, cast.project.pk)
    said = document(archive)
    with ZipFile(BytesIO(archive)) as opened:
        files = {name: opened.read(name) for name in opened.namelist() if name.startswith("files/")}
    first = next(iter(files))
    for content in (
        packed(said, **{**files, "../../../tmp/evil": b"x"}),
        packed(said, **{**files, "/etc/passwd": b"x"}),
        packed(said, **{**files, first: files[first][::-1]}),
        packed(said, **{**files, first: b""}),
        packed("a" * 30_000_000),
        packed({**said, "tasks": "[" * 5000}),
        b"PK\x03\x04 nothing more",
        archive[:-40],
        archive + b"x",
        archive[:100] + b"\xff" * 50 + archive[150:],
        LAST + b"\xff" * 18,
        LAST + b"\0" * 18,
    ):
        kept = files_in(store)
        sender = Sender(cast.outsider)
        with nothing_changes():
            answer = sender.send("/api/import/", form(("file", "x.zip", content)))
        assert answer.status_code == 400, answer.content
        assert files_in(store) == kept


def test_too_large_a_file(cast: Cast, store: Path, settings: Any) -> None:
    settings.BATON_MAX_IMPORT = 2000
    assert bring(cast.owner, b"title\r\n" + b"x" * 3000, "x.csv").status_code == 413


def test_time_of_the_import(cast: Cast, full: Task) -> None:
    """A client that asks for what changed since it last looked meets what was imported."""
    before = datetime.now(UTC)
    report = bring(cast.outsider, export(cast.owner, cast.project.pk)).json()
    assert all(task.updated_at >= before for task in Task.objects.filter(project=report["project"]))


def test_a_namesake_is_not_taken_for_the_person(cast: Cast, full: Task) -> None:
    """A username means somebody else on another server; only an address counts, and only among colleagues."""
    archive = export(cast.owner, cast.project.pk)
    said = document(archive)
    said["people"] = [{**person, "email": None} for person in said["people"]]
    said["tasks"] = [{**task, "attachments": []} for task in said["tasks"]]
    stranger = make_user("zoe")
    add_member(cast.project, stranger, Role.VIEWER)
    report = bring(stranger, packed(said)).json()
    assert report["people"]["matched"] == []
