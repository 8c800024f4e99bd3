"""Files over HTTP."""

from __future__ import annotations

import errno
import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from baton.adapters import storage
from baton.adapters.staging import Staging
from baton.core.models import Attachment, Task, User
from baton.reactions.thumbnails import make_thumbnails
from tests.cast import Cast
from tests.factories import PASSWORD, make_project, make_task
from tests.files.forms import Sender, form
from tests.stores import files_in, picture
from tests.traces import nothing_changes

KEYS = ["id", "task", "name", "size", "content_type", "sha256", "url", "uploaded_by", "uploaded_at"]


@pytest.fixture
def task(cast: Cast, store: Path) -> Task:
    return make_task(cast.owner, cast.project)


@pytest.fixture
def editor(cast: Cast) -> Sender:
    return Sender(cast.editor)


def test_a_file_from_first_to_last(cast: Cast, task: Task, editor: Sender, store: Path, settings: Any) -> None:
    settings.BATON_BASE_URL = "https://tasks.example"
    added = editor.attach(task.pk, b"Hello", "заметки.txt")
    assert added.status_code == 201
    shape = added.json()
    assert list(shape) == KEYS
    path = f"/api/attachments/{shape['id']}/"
    assert added.headers["Location"] == path
    assert shape["url"] == f"https://tasks.example{path}download/"
    assert shape["sha256"] == hashlib.sha256(b"Hello").hexdigest()
    assert (shape["task"], shape["name"], shape["size"]) == (task.pk, "заметки.txt", 5)
    assert shape["uploaded_by"] == {"id": cast.editor.pk, "username": "edgar", "name": "", "avatar": None}
    assert editor.get(path).json() == shape
    assert editor.get(path, HTTP_IF_NONE_MATCH=added.headers["ETag"]).status_code == 304
    assert editor.get(f"/api/tasks/{task.pk}/").json()["attachments_count"] == 1

    assert editor.delete(path, HTTP_IF_MATCH='"7"').status_code == 412
    assert editor.delete(path).status_code == 204
    for gone in (path, f"{path}download/", f"{path}thumbnail/"):
        assert editor.get(gone).status_code == 404
    assert editor.get(f"/api/tasks/{task.pk}/").json()["attachments_count"] == 0
    assert editor.get(f"/api/tasks/{task.pk}/attachments/").json()["results"] == []


def test_a_download_is_safe(task: Task, editor: Sender) -> None:
    for content, name in [
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "x.svg"),
        (b"<html><script>alert(1)</script></html>", "x.html"),
        (b'<?xml version="1.0"?><x/>', "x.xml"),
    ]:
        url = editor.attach(task.pk, content, name).json()["url"]
        answer = editor.get(url)
        assert answer.body == content
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{name}; filename=\"{name}\""
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "private, no-cache"


def test_a_script_is_no_script(task: Task, editor: Sender) -> None:
    body = form(("file", "x.js", b"alert(1)")).replace(b"\r\n\r\n", b"\r\nContent-Type: text/javascript\r\n\r\n", 1)
    shape = editor.send(f"/api/tasks/{task.pk}/attachments/", body).json()
    assert shape["content_type"] == "text/plain"
    assert editor.get(shape["url"]).headers["Content-Type"] == "text/plain"


@pytest.mark.parametrize(
    "raw,shown",
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\evil.exe", "evil.exe"),
        ("/abs/олух.txt", "олух.txt"),
        ("a\0b.txt", "ab.txt"),
        ("x\u202egpj.exe", "xgpj.exe"),
        ("я" * 300 + ".txt", "я" * 251 + ".txt"),
        (".htaccess", ".htaccess"),
        ("CON", "CON"),
        ("a;b=c.txt", "a;b=c.txt"),
        ("%22;x=1.txt", "%22;x=1.txt"),
    ],
)
def test_hostile_names_are_shown_harmless(task: Task, editor: Sender, store: Path, raw: str, shown: str) -> None:
    answer = editor.attach(task.pk, b"Hello", raw)
    assert answer.status_code == 201
    assert answer.json()["name"] == shown
    assert files_in(store) == {Attachment.objects.get().path}
    download = editor.get(answer.json()["url"])
    assert download.status_code == 200
    assert "\n" not in download.headers["Content-Disposition"]


@pytest.mark.parametrize("name", ["..", ".", "/", "\\"])
def test_a_name_of_nothing_is_no_file(task: Task, editor: Sender, store: Path, name: str) -> None:
    with nothing_changes():
        answer = editor.attach(task.pk, b"Hello", name)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/file"
    assert files_in(store) == set()


def test_an_empty_file_is_a_file(task: Task, editor: Sender) -> None:
    shape = editor.attach(task.pk, b"", "empty").json()
    assert (shape["size"], shape["content_type"]) == (0, "application/octet-stream")
    answer = editor.get(shape["url"])
    assert (answer.status_code, answer.content, answer.headers["Content-Length"]) == (200, b"", "0")


@pytest.mark.parametrize(
    "body,pointer,code",
    [
        (form(), "/file", "required"),
        (form(fields={"file": "words"}), "/file", "invalid"),
        (form(("picture", "a.txt", b"x")), "/picture", "unknown_field"),
        (form(("file", "a.txt", b"x"), ("file", "b.txt", b"x")), "/file", "too_many_files"),
        (form(("file", "a.txt", b"x"), fields={"path": "/etc/passwd"}), "/path", "unknown_field"),
    ],
)
def test_bad_forms_change_nothing(
    task: Task, editor: Sender, store: Path, body: bytes, pointer: str, code: str
) -> None:
    with nothing_changes():
        answer = editor.send(f"/api/tasks/{task.pk}/attachments/", body)
    assert answer.status_code == 400
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, code)]
    assert files_in(store) == set()


def test_only_forms_are_taken(task: Task, editor: Sender) -> None:
    answer = editor.client.post(f"/api/tasks/{task.pk}/attachments/", "{}", "application/json", **editor.credential)
    assert answer.status_code == 415


@pytest.mark.parametrize("cut", [1, 30, 100_000])
def test_a_form_that_ends_too_early_leaves_nothing(task: Task, editor: Sender, store: Path, cut: int) -> None:
    body = form(("file", "a.bin", b"x" * 200_000), whole=False)[:-cut]
    with nothing_changes():
        answer = editor.send(f"/api/tasks/{task.pk}/attachments/", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")
    assert files_in(store) == set()


@pytest.mark.parametrize("excess", [1, 1_000_000])
def test_a_long_file_is_refused(task: Task, editor: Sender, store: Path, settings: Any, excess: int) -> None:
    settings.BATON_MAX_ATTACHMENT = 100_000
    assert editor.attach(task.pk, b"x" * 100_000).status_code == 201
    kept = files_in(store)
    with nothing_changes():
        answer = editor.attach(task.pk, b"x" * (100_000 + excess))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (413, "/file")
    assert files_in(store) == kept


def test_a_full_disk_is_507(task: Task, editor: Sender, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = Staging.write

    def write_until_full(self: Staging, piece: bytes) -> None:
        write(self, piece[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Staging, "write", write_until_full)
    with nothing_changes():
        answer = editor.attach(task.pk)
    assert (answer.status_code, answer.json()["code"]) == (507, "insufficient_storage")
    assert files_in(store) == set()


def test_who_may_not_attach_is_told_before_the_file_is_read(
    cast: Cast, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never() -> None:
        raise AssertionError("the file was read")

    monkeypatch.setattr(Staging, "__init__", lambda _self: never())
    with nothing_changes():
        assert Sender(cast.viewer).attach(task.pk).status_code == 403
        assert Sender(cast.outsider).attach(task.pk).status_code == 404
        assert Sender(cast.owner).attach(task.pk + 1000).status_code == 404
        assert Client().post(f"/api/tasks/{task.pk}/attachments/", {"file": "x"}).status_code == 401


def test_a_foreign_file_does_not_exist(cast: Cast, task: Task, editor: Sender, store: Path) -> None:
    attached = editor.attach(task.pk, picture(), "x.png").json()
    make_thumbnails()
    path = f"/api/attachments/{attached['id']}/"
    outsider = Sender(cast.outsider)
    own = make_task(cast.outsider, make_project(cast.outsider))
    assert outsider.attach(own.pk).status_code == 201
    missing = outsider.get(f"/api/attachments/{attached['id'] + 1000}/").json()
    with nothing_changes():
        for part in ("", "download/", "thumbnail/"):
            answer = outsider.get(path + part)
            assert answer.status_code == 404
            assert (answer.json()["code"], answer.json()["detail"]) == (missing["code"], missing["detail"])
        assert outsider.delete(path).status_code == 404
        assert outsider.get(f"/api/tasks/{task.pk}/attachments/").status_code == 404
        assert outsider.get(f"/api/tasks/{own.pk}/attachments/{attached['id']}/").status_code == 404
        assert Client().get(path + "download/").status_code == 401
    assert editor.get(path + "download/").status_code == 200


def test_pages_of_files(task: Task, editor: Sender) -> None:
    ids = [editor.attach(task.pk, b"x", f"{number}.txt").json()["id"] for number in range(5)]
    first = editor.get(f"/api/tasks/{task.pk}/attachments/?page_size=3&count=true").json()
    assert ([file["id"] for file in first["results"]], first["count"]) == (ids[:3], 5)
    second = editor.get(first["next"]).json()
    assert [file["id"] for file in second["results"]] == ids[3:]
    newest = editor.get(f"/api/tasks/{task.pk}/attachments/?ordering=-uploaded_at").json()
    assert [file["id"] for file in newest["results"]] == ids[::-1]
    assert editor.get(f"/api/tasks/{task.pk}/attachments/?name=x").status_code == 400


def test_the_same_request_again_attaches_once(task: Task, editor: Sender, store: Path) -> None:
    first = editor.attach(task.pk, b"Hello", HTTP_IDEMPOTENCY_KEY="once")
    again = editor.attach(task.pk, b"Hello", HTTP_IDEMPOTENCY_KEY="once")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert editor.attach(task.pk, b"Other", HTTP_IDEMPOTENCY_KEY="once").status_code == 422
    assert files_in(store) == {Attachment.objects.get().path}


def test_a_session_cookie_needs_its_csrf_token(cast: Cast, task: Task, store: Path) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.login(username=cast.editor.username, password=PASSWORD)
    browser.get("/admin/login/")
    path, body = f"/api/tasks/{task.pk}/attachments/", form(("file", "a.txt", b"Hello"))
    content_type = "multipart/form-data; boundary=BoUnDaRyStRiNg"
    assert browser.generic("POST", path, body, content_type).status_code == 403
    assert files_in(store) == set()
    token = browser.cookies["csrftoken"].value
    assert browser.generic("POST", path, body, content_type, HTTP_X_CSRFTOKEN=token).status_code == 201
    assert files_in(store) == {Attachment.objects.get().path}


def test_a_lost_file_is_a_clear_404(task: Task, editor: Sender, store: Path) -> None:
    lost, short = (editor.attach(task.pk).json() for _ in range(2))
    storage.remove(Attachment.objects.get(pk=lost["id"]).path)
    (store / Attachment.objects.get(pk=short["id"]).path).write_bytes(b"He")
    for shape, code in ((lost, "file_missing"), (short, "file_damaged")):
        answer = editor.get(shape["url"])
        assert (answer.status_code, answer.json()["code"]) == (404, code)
    assert len(editor.get(f"/api/tasks/{task.pk}/attachments/").json()["results"]) == 2


def test_a_thumbnail_is_there_once_it_is_made(cast: Cast, task: Task, editor: Sender) -> None:
    path = f"/api/attachments/{editor.attach(task.pk, picture(), 'x.png').json()['id']}/thumbnail/"
    before = editor.get(path)
    assert (before.status_code, before.json()["code"]) == (404, "no_thumbnail")
    make_thumbnails()
    answer = Sender(cast.viewer).get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")
    assert answer.body[8:12] == b"WEBP"
    assert "Content-Disposition" not in answer.headers
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert editor.get(path, HTTP_IF_NONE_MATCH=answer.headers["ETag"]).status_code == 304


def test_a_task_in_the_trash_hides_its_files(cast: Cast, task: Task, editor: Sender) -> None:
    url = editor.attach(task.pk).json()["url"]
    assert editor.delete(f"/api/tasks/{task.pk}/").status_code == 204
    assert editor.get(url).status_code == 404


def test_a_member_who_was_removed_sees_no_file(cast: Cast, task: Task, editor: Sender) -> None:
    url = editor.attach(task.pk).json()["url"]
    removed: User = cast.editor
    assert Sender(cast.owner).delete(f"/api/projects/{cast.project.pk}/members/{removed.pk}/").status_code == 204
    assert editor.get(url).status_code == 404
