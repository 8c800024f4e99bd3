"""Comments over HTTP."""

from __future__ import annotations

import pytest

from baton.core.models import Task
from tests.caller import Caller
from tests.cast import Cast
from tests.factories import make_project, make_task
from tests.traces import last_event, nothing_changes


@pytest.fixture
def task(cast: Cast) -> Task:
    return make_task(cast.owner, cast.project)


def test_a_comment_from_first_to_last(cast: Cast, task: Task, editor: Caller) -> None:
    added = editor.post(f"/api/tasks/{task.pk}/comments/", {"text": "The tap drips."})
    assert added.status == 201
    comment = added.body
    assert list(comment) == ["id", "task", "author", "text", "created_at", "edited_at"]
    assert comment["author"] == {"id": cast.editor.pk, "username": "edgar", "name": "", "avatar": None}
    assert (comment["task"], comment["text"], comment["edited_at"]) == (task.pk, "The tap drips.", None)
    path = f"/api/comments/{comment['id']}/"
    assert (added.headers["Location"], added.tag) == (path, '"1"')
    assert editor.get(path).body == comment
    assert editor.get(f"/api/tasks/{task.pk}/").body["comments_count"] == 1

    edited = editor.patch(path, {"text": "The tap leaks."})
    assert (edited.status, edited.tag) == (200, '"2"')
    assert edited.body == comment | {"text": "The tap leaks.", "edited_at": edited.body["edited_at"]}
    assert edited.body["edited_at"] is not None

    assert editor.delete(path).status == 204
    assert editor.get(path).status == 404
    assert editor.get(f"/api/tasks/{task.pk}/").body["comments_count"] == 0
    assert last_event(task).changes == {"text": ["The tap leaks.", None]}


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_sending_back_what_was_read_changes_nothing(cast: Cast, task: Task, editor: Caller, method: str) -> None:
    read = editor.post(f"/api/tasks/{task.pk}/comments/", {"text": "The tap drips."})
    with nothing_changes():
        again = editor.call(method, read.headers["Location"], read.body)
    assert (again.status, again.body, again.tag) == (200, read.body, read.tag)


def test_an_empty_patch_changes_nothing_and_an_empty_put_is_refused(task: Task, editor: Caller) -> None:
    read = editor.post(f"/api/tasks/{task.pk}/comments/", {"text": "The tap drips."})
    with nothing_changes():
        assert editor.patch(read.headers["Location"], {}).body == read.body
        put = editor.put(read.headers["Location"], {})
    assert (put.status, put.pointers) == (400, ["/text"])


@pytest.mark.parametrize("text", ["", " \n", None, 5, ["x"], "x" * 50_001])
def test_a_text_that_is_none(task: Task, editor: Caller, text: object) -> None:
    path = editor.post(f"/api/tasks/{task.pk}/comments/", {"text": "The tap drips."}).headers["Location"]
    with nothing_changes():
        answers = [editor.post(f"/api/tasks/{task.pk}/comments/", {"text": text}), editor.patch(path, {"text": text})]
    assert [(answer.status, answer.pointers) for answer in answers] == [(400, ["/text"])] * 2


def test_texts_come_back_as_they_were_sent(task: Task, editor: Caller) -> None:
    text = "  Ёжик 😀\r\n\t<b>&amp;</b>\u202e "
    assert editor.post(f"/api/tasks/{task.pk}/comments/", {"text": text}).body["text"] == text


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_stale_tag_changes_nothing(task: Task, editor: Caller, method: str) -> None:
    added = editor.post(f"/api/tasks/{task.pk}/comments/", {"text": "First."})
    path = added.headers["Location"]
    present = editor.patch(path, {"text": "Second."})
    with nothing_changes():
        assert editor.call(method, path, {"text": "Third."}, if_match=added.tag).status == 412
    assert editor.get(path, if_none_match=present.tag).status == 304
    assert editor.call(method, path, {"text": "Third."}, if_match=present.tag).status in (200, 204)


def test_who_may_change_and_delete(cast: Cast, task: Task, editor: Caller) -> None:
    path = editor.post(f"/api/tasks/{task.pk}/comments/", {"text": "Mine."}).headers["Location"]
    owner, other = Caller(cast.owner), Caller(cast.newcomer)
    with nothing_changes():
        assert [who.patch(path, {"text": "Yours."}).status for who in (owner, other)] == [403, 403]
        assert other.delete(path).status == 403
    assert owner.delete(path).status == 204


def test_nobody_else_writes_in_another_name(cast: Cast, task: Task, editor: Caller) -> None:
    body = {"text": "Forged.", "author": cast.owner.pk, "task": 1, "id": 1, "created_at": "2020-01-01T00:00:00Z"}
    comment = editor.post(f"/api/tasks/{task.pk}/comments/", body).body
    assert (comment["author"]["id"], comment["task"]) == (cast.editor.pk, task.pk)
    assert not comment["created_at"].startswith("2020")
    refused = editor.post(f"/api/tasks/{task.pk}/comments/", {"text": "Forged.", "author_id": cast.owner.pk})
    assert (refused.status, refused.pointers) == (400, ["/author_id"])


def test_pages_oldest_first(cast: Cast, task: Task, editor: Caller) -> None:
    ids = [editor.post(f"/api/tasks/{task.pk}/comments/", {"text": str(n)}).body["id"] for n in range(7)]
    make_task(cast.owner, cast.project, "Another")
    url, met = f"/api/tasks/{task.pk}/comments/?page_size=3&count=true", []
    while url:
        page = editor.get(url).body
        assert page["count"] == 7
        met += [comment["id"] for comment in page["results"]]
        url = page["next"]
    assert met == ids
    newest_first = editor.get(f"/api/tasks/{task.pk}/comments/?ordering=-created_at").body["results"]
    assert [comment["id"] for comment in newest_first] == ids[::-1]


def test_bad_parameters(task: Task, editor: Caller) -> None:
    answer = editor.get(f"/api/tasks/{task.pk}/comments/?author=1&ordering=text&page_size=x&cursor=x")
    assert (answer.status, set(answer.pointers)) == (400, {"?author", "?ordering", "?page_size", "?cursor"})


def test_foreign_and_missing_are_alike(cast: Cast, task: Task, editor: Caller) -> None:
    path = editor.post(f"/api/tasks/{task.pk}/comments/", {"text": "Ours."}).headers["Location"]
    outsider = Caller(cast.outsider)
    own = make_task(cast.outsider, make_project(cast.outsider, "Own"))
    assert outsider.post(f"/api/tasks/{own.pk}/comments/", {"text": "Own."}).status == 201
    with nothing_changes():
        for comments in (f"/api/tasks/{task.pk}/comments/", "/api/tasks/999999999/comments/"):
            assert outsider.get(comments).status == 404
            assert outsider.post(comments, {"text": "Hello?"}).status == 404
        for comment in (path, "/api/comments/999999999/"):
            for method in ("GET", "PUT", "PATCH", "DELETE"):
                assert outsider.call(method, comment, {"text": "Hello?"}).status == 404


def test_comments_go_out_of_sight_with_their_task(task: Task, editor: Caller) -> None:
    path = editor.post(f"/api/tasks/{task.pk}/comments/", {"text": "Ours."}).headers["Location"]
    assert editor.delete(f"/api/tasks/{task.pk}/").status == 204
    with nothing_changes():
        assert editor.get(path).status == 404
        assert editor.delete(path).status == 404
