"""`Idempotency-Key` on making tasks: a request that is sent again makes nothing again."""

from __future__ import annotations

from threading import Barrier

import pytest

from baton.core.models import Event, Task
from tests.caller import Answer, Caller
from tests.cast import Cast
from tests.factories import make_task
from tests.threads import run_together
from tests.traces import nothing_changes


def test_the_same_request_again_gets_the_first_answer(cast: Cast) -> None:
    editor, body = Caller(cast.editor), {"project": cast.project.pk, "title": "Once"}
    first = editor.post("/api/tasks/", body, idempotency_key="k1")
    assert first.status == 201
    assert "Idempotency-Replayed" not in first.headers
    editor.patch(first.headers["Location"], {"title": "Changed since"})
    with nothing_changes():
        again = editor.post("/api/tasks/", body, idempotency_key="k1")
    assert (again.status, again.body, again.tag) == (201, first.body, first.tag)
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotency-Replayed"] == "true"


def test_another_request_under_the_key_is_refused(cast: Cast) -> None:
    editor, body = Caller(cast.editor), {"project": cast.project.pk, "title": "Once"}
    task = editor.post("/api/tasks/", body, idempotency_key="k1").body["id"]
    with nothing_changes():
        assert editor.post("/api/tasks/", {**body, "title": "Twice"}, idempotency_key="k1").status == 422
        assert editor.post(f"/api/tasks/{task}/comments/", body, idempotency_key="k1").status == 422


def test_a_refusal_is_not_kept(cast: Cast) -> None:
    editor = Caller(cast.editor)
    with nothing_changes():
        assert editor.post("/api/tasks/", {"project": cast.project.pk}, idempotency_key="k1").status == 400
    assert editor.post("/api/tasks/", {"project": cast.project.pk, "title": "Now"}, idempotency_key="k1").status == 201


def test_each_ones_keys_are_their_own(cast: Cast) -> None:
    body = {"project": cast.project.pk, "title": "Once"}
    ids = [Caller(who).post("/api/tasks/", body, idempotency_key="k1").body["id"] for who in (cast.owner, cast.editor)]
    assert len(set(ids)) == 2


def test_comments_and_delegations_too(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    owner = Caller(cast.owner)
    for path, body in (("comments", {"text": "Once."}), ("delegations", {"to": cast.editor.pk})):
        first = owner.post(f"/api/tasks/{task.pk}/{path}/", body, idempotency_key=path)
        with nothing_changes():
            again = owner.post(f"/api/tasks/{task.pk}/{path}/", body, idempotency_key=path)
        assert (first.status, again.status, again.body) == (201, 201, first.body)


@pytest.mark.django_db(transaction=True)
def test_at_the_same_instant_one_task_is_made(cast: Cast) -> None:
    callers = [Caller(cast.editor) for _ in range(6)]
    start = Barrier(len(callers))

    def post(caller: Caller) -> Answer:
        start.wait(10)
        return caller.post("/api/tasks/", {"project": cast.project.pk, "title": "Once"}, idempotency_key="k1")

    answers = run_together(*(lambda caller=caller: post(caller) for caller in callers))
    made = [answer for answer in answers if answer.status == 201]
    assert {answer.status for answer in answers} <= {201, 409}
    assert len([answer for answer in made if "Idempotency-Replayed" not in answer.headers]) == 1
    assert len({answer.body["id"] for answer in made}) == 1
    assert Task.objects.count() == 1
    assert Event.objects.filter(verb="task.created").count() == 1


@pytest.mark.django_db(transaction=True)
def test_at_the_same_instant_each_key_makes_its_own_task(cast: Cast) -> None:
    callers = [Caller(cast.editor) for _ in range(6)]
    start = Barrier(len(callers))

    def post(number: int) -> Answer:
        start.wait(10)
        body = {"project": cast.project.pk, "title": f"Task {number}"}
        return callers[number].post("/api/tasks/", body, idempotency_key=f"k{number}")

    answers = run_together(*(lambda number=number: post(number) for number in range(6)))
    assert [answer.status for answer in answers] == [201] * 6
    assert sorted(answer.body["key"] for answer in answers) == [f"{cast.project.key}-{n}" for n in range(1, 7)]
    cast.project.refresh_from_db()
    assert (cast.project.last_number, cast.project.tasks_count) == (6, 6)


@pytest.mark.django_db(transaction=True)
def test_two_edits_at_the_same_instant_one_is_stale(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    callers = [Caller(cast.editor) for _ in range(4)]
    start = Barrier(len(callers))

    def patch(number: int) -> int:
        start.wait(10)
        answer = callers[number].patch(f"/api/tasks/{task.pk}/", {"title": f"By {number}"}, if_match='"1"')
        return answer.status

    statuses = run_together(*(lambda number=number: patch(number) for number in range(4)))
    assert sorted(statuses) == [200, 412, 412, 412]
    task.refresh_from_db()
    assert task.version == 2
