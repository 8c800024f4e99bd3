"""`/api/tasks/{id}/move/`."""

from __future__ import annotations

import pytest

from baton.core.models import Task
from tests.caller import Caller
from tests.cast import Cast
from tests.factories import make_project, make_task
from tests.traces import nothing_changes


@pytest.fixture
def tasks(cast: Cast) -> list[int]:
    return [make_task(cast.owner, cast.project).pk for _ in range(3)]


def ranked(editor: Caller, project: int) -> list[int]:
    return [task["id"] for task in editor.get(f"/api/tasks/?project={project}&ordering=rank").body["results"]]


def test_it_answers_with_the_task_and_its_tag(cast: Cast, editor: Caller, tasks: list[int]) -> None:
    path = f"/api/tasks/{tasks[2]}/"
    answer = editor.post(f"{path}move/", {"status": "review", "before": tasks[0]}, if_match='"1"')
    assert (answer.status, answer.body["status"], answer.body["version"]) == (200, "review", 2)
    assert answer.tag == editor.get(path).tag
    assert ranked(editor, cast.project.pk) == [tasks[2], tasks[0], tasks[1]]
    verbs = [event["verb"] for event in editor.get(f"{path}history/").body["results"]]
    assert verbs == ["task.created", "task.status_changed", "task.moved"]


def test_a_stale_tag_moves_nothing(editor: Caller, tasks: list[int]) -> None:
    with nothing_changes():
        assert editor.post(f"/api/tasks/{tasks[2]}/move/", {"before": tasks[0]}, if_match='"9"').status == 412


def test_into_another_project_and_the_old_one_hears_of_it(cast: Cast, editor: Caller, tasks: list[int]) -> None:
    target = make_project(cast.editor, "Target")
    answer = editor.post(f"/api/tasks/{tasks[0]}/move/", {"project": target.pk})
    assert (answer.status, answer.body["project"], answer.body["key"]) == (200, target.pk, f"{target.key}-1")
    owner = Caller(cast.owner)
    assert owner.get(f"/api/tasks/{tasks[0]}/").status == 404
    assert Task.objects.filter(project=target).count() == 1


@pytest.mark.parametrize(
    "body, pointers",
    [
        ({"status": "later"}, ["/status"]),
        ({"before": "first"}, ["/before"]),
        ({"before": None}, ["/before"]),
        ({"after": 0, "project": True}, ["/after", "/project"]),
        ({"rank": "zzz"}, ["/rank"]),
        ([], [""]),
    ],
)
def test_bad_input(editor: Caller, tasks: list[int], body: object, pointers: list[str]) -> None:
    with nothing_changes():
        answer = editor.post(f"/api/tasks/{tasks[0]}/move/", body)
    assert (answer.status, sorted(answer.pointers)) == (400, pointers)
