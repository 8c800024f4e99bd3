"""CSV over HTTP, out and in."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from baton.core.models import Event, Project, Task, User
from tests.cast import Cast
from tests.core.commands.scenarios import DUE
from tests.exchange.test_archive import export
from tests.factories import make_project, make_task
from tests.files.forms import Sender, form
from tests.traces import nothing_changes


def bring(user: User, text: str | bytes, file_name: str = "tasks.csv", **fields: Any) -> Any:
    content = text.encode() if isinstance(text, str) else text
    told = {field: str(value) for field, value in fields.items()}
    return Sender(user).send("/api/import/", form(("file", file_name, content), fields=told))


def test_cells_that_a_spreadsheet_would_compute(cast: Cast, store: Path) -> None:
    titles = ["=HYPERLINK()", "+1", "-1", "@SUM(1)", "\tx", "'=1", "''x", "Plain", 'A "quoted", title', "＝1"]
    for title in titles:
        make_task(cast.owner, cast.project, title, description="=a\r\n=b", labels=["=x", "a;b\\"])
    out = export(cast.owner, cast.project.pk, "csv")
    assert out.startswith(b"\xef\xbb\xbfkey,title,")
    rows = list(csv.DictReader(StringIO(out.decode("utf-8-sig"), newline="")))
    assert [row["title"] for row in rows] == [
        "'=HYPERLINK()", "'+1", "'-1", "'@SUM(1)", "'\tx", "''=1", "''x", "Plain", 'A "quoted", title', "'＝1",
    ]  # fmt: skip
    assert {row["description"] for row in rows} == {"'=a\r\n=b"}

    report = bring(cast.outsider, out).json()
    copies = Task.objects.filter(project=report["project"]).order_by("number")
    assert [task.title for task in copies] == titles
    assert {task.description for task in copies} == {"=a\r\n=b"}
    back = export(cast.outsider, report["project"], "csv")
    again = list(csv.DictReader(StringIO(back.decode("utf-8-sig"), newline="")))
    assert [row["labels"] for row in again] == [row["labels"] for row in rows]


def test_everything_a_row_can_say(cast: Cast) -> None:
    text = (
        "title,key,parent,status,priority,due_date,assigned_to,labels,description\r\n"
        "Child,2,1,done,high,2026-12-01T12:30:00.000005+02:00,EDGAR; ghost;vera,Red; blue ,Words\r\n"
        "\r\n"
        "Whole,1,,,,2026-12-01,otto,,\r\n"
    )
    answer = bring(cast.editor, text, project=cast.project.pk)
    assert answer.status_code == 201, answer.content
    report = answer.json()
    assert report["created"] == {
        "projects": 0, "tasks": 2, "comments": 0, "attachments": 0, "labels": 2, "history": 0,
    }  # fmt: skip
    assert report["people"] == {"matched": ["EDGAR", "vera"], "unmatched": ["ghost", "otto"]}
    child, whole = Task.objects.filter(project=cast.project).order_by("number")
    assert child.parent == whole
    assert child.due_at == DUE
    assert (child.status, child.priority, child.lead) == ("done", 3, cast.editor)
    assert child.assignees_count == 2
    assert (whole.status, whole.priority, whole.lead, whole.description) == ("todo", 2, None, "")
    assert Event.objects.filter(project=cast.project, verb="project.imported").get().data["source"] == "csv"


def test_a_new_project_is_called_as_the_file(cast: Cast) -> None:
    assert bring(cast.owner, "title\nA\n", "Garden work.csv").status_code == 201
    assert bring(cast.owner, "title\nA\n", "x.csv", name="Kitchen").status_code == 201
    assert Project.objects.filter(name__in=["Garden work", "Kitchen"], owner=cast.owner).count() == 2


def test_every_bad_line_is_named_and_nothing_changes(cast: Cast) -> None:
    text = (
        "key,title,status,priority,due_date,labels,parent\n"
        "1,,todo,,,,\n"
        "2,Good,sleeping,huge,tomorrow,,\n"
        '3,"Two\nlines",,,,,\n'
        "1,Twice,,,,,9\n"
        "4,A,,,,,5\n"
        "5,B,,,,,4\n"
        f"6,C,,,2026-01-01T00:00:00,{'x' * 51},\n"
    )
    wanted = {
        "/lines/2/title",
        "/lines/3/status",
        "/lines/3/priority",
        "/lines/3/due_date",
        "/lines/4/title",
        "/lines/6/key",
        "/lines/6/parent",
        "/lines/7/parent",
        "/lines/9/due_date",
        "/lines/9/labels/0",
    }
    sender = Sender(cast.editor)
    for dry_run, status in (("false", 400), ("true", 200)):
        told = {"project": str(cast.project.pk), "dry_run": dry_run}
        with nothing_changes():
            answer = sender.send("/api/import/", form(("file", "x.csv", text.encode()), fields=told))
        assert answer.status_code == status
        assert {error["pointer"] for error in answer.json()["errors"]} == wanted


@pytest.mark.parametrize(
    "text, pointer",
    [
        (b"", "/lines/1/title"),
        (b"name,when\nA,B\n", "/lines/1/name"),
        (b"title;status\nA;B\n", "/lines/1/title"),
        (b"title,title\nA,B\n", "/lines/1/title"),
        (b"title,status\nA\n", "/lines/2"),
        (b"title,status\nA,todo,more\n", "/lines/2"),
        (b'title\nA\n"B\n', "/lines/3"),
        (b"title\n\xff\xfe\n", "/file"),
        (b"title\n" + b"A\n" * 2001, "/file"),
        (b"title\n" + b"x" * 200_001, "/lines/2"),
        (b"title\nA\0B\n", "/lines/2/title"),
        (b"\x89PNG\r\n\x1a\n", "/file"),
    ],
)
def test_what_is_no_table_of_tasks(cast: Cast, text: bytes, pointer: str) -> None:
    sender = Sender(cast.editor)
    with nothing_changes():
        answer = sender.send("/api/import/", form(("file", "x.csv", text), fields={"project": str(cast.project.pk)}))
    assert answer.status_code == 400, answer.content
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


def test_a_dry_run_leaves_nothing(cast: Cast) -> None:
    sender = Sender(cast.editor)
    with nothing_changes():
        answer = sender.send("/api/import/", form(("file", "x.csv", b"title\nA\nB\n"), fields={"dry_run": "true"}))
    assert (answer.status_code, answer.json()["created"]["tasks"], answer.json()["project"]) == (200, 2, None)


def test_who_may_import_where(cast: Cast) -> None:
    text = "title\nA\n"
    assert bring(cast.viewer, text, project=cast.project.pk).status_code == 403
    assert bring(cast.outsider, text, project=cast.project.pk).status_code == 404
    assert bring(cast.outsider, text, project=10**9).status_code == 404
    elsewhere = make_project(cast.owner, "Elsewhere")
    assert bring(cast.editor, text, project=elsewhere.pk).status_code == 404
    assert bring(cast.editor, text, project=cast.project.pk).status_code == 201
    assert bring(cast.editor, text, surprise="x").status_code == 400
