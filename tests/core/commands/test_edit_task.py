"""edit_task: works · twice · denied · invisible · event recorded · bad input changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from baton.core.commands.tasks import edit_task
from baton.core.errors import Denied, Invalid, NotFound, Stale
from baton.core.models import Event, Task
from tests.cast import Cast
from tests.factories import actor_of, make_project, make_task
from tests.traces import last_event, nothing_changes, verbs_of


@pytest.fixture
def task(cast: Cast) -> Task:
    return make_task(
        cast.owner, cast.project, assignees=[cast.editor.pk, cast.viewer.pk], labels=["garden"], description="Twice."
    )


def test_works(cast: Cast, task: Task) -> None:
    due = datetime(2026, 5, 1, tzinfo=UTC)
    edited = edit_task(actor_of(cast.newcomer), task.pk, {"title": "Ferns", "due_at": due, "labels": []})
    task.refresh_from_db()
    assert (edited.pk, edited.version) == (task.pk, 2)
    assert (task.title, task.due_at, task.labels_count, task.description) == ("Ferns", due, 0, "Twice.")
    assert task.updated_at > task.created_at


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"title": "Water the plants"},
        {"labels": ["GARDEN", "garden"]},
        {"assigned_to": "lead"},
        {"status": "todo", "priority": 2, "parent_id": None, "due_at": None},
    ],
)
def test_what_is_so_already_changes_nothing(cast: Cast, task: Task, fields: dict[str, Any]) -> None:
    if "assigned_to" in fields:
        fields = {"assigned_to": cast.editor.pk, "assignees": [cast.editor.pk, cast.viewer.pk]}
    with nothing_changes():
        assert edit_task(actor_of(cast.editor), task.pk, fields).version == 1  # type: ignore[arg-type]


def test_twice(cast: Cast, task: Task) -> None:
    edit_task(actor_of(cast.editor), task.pk, {"title": "Ferns"})
    with nothing_changes():
        assert edit_task(actor_of(cast.editor), task.pk, {"title": "Ferns"}).version == 2


def test_who_works_on_it_may_move_it_along_but_not_change_it(cast: Cast, task: Task) -> None:
    viewer = actor_of(cast.viewer)
    assert edit_task(viewer, task.pk, {"status": "review", "title": "Water the plants"}).status == "review"
    with nothing_changes():
        for fields in ({"title": "New"}, {"assigned_to": None}, {"status": "done", "labels": []}):
            with pytest.raises(Denied):
                edit_task(viewer, task.pk, fields)  # type: ignore[arg-type]


def test_denied(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    with nothing_changes(), pytest.raises(Denied):
        edit_task(actor_of(cast.viewer), task.pk, {"title": "Water the plants"})


def test_invisible(cast: Cast, task: Task) -> None:
    own = make_task(cast.outsider, make_project(cast.outsider, "Own"))
    with nothing_changes():
        for task_id in (task.pk, 10**9):
            with pytest.raises(NotFound):
                edit_task(actor_of(cast.outsider), task_id, {"title": ""})
            with pytest.raises(NotFound):
                edit_task(actor_of(cast.outsider), own.pk, {"parent_id": task_id})


def test_one_event_for_each_verb(cast: Cast, task: Task) -> None:
    edit_task(
        actor_of(cast.editor),
        task.pk,
        {"title": "Ferns", "priority": 3, "status": "review", "assigned_to": cast.owner.pk},
    )
    assert verbs_of(task) == ["task.created", "task.edited", "task.status_changed", "task.assigned"]
    events = {event.verb: event.changes for event in Event.objects.filter(task=task)}
    assert events["task.edited"] == {"title": ["Water the plants", "Ferns"], "priority": ["medium", "high"]}
    assert events["task.status_changed"] == {"status": ["todo", "review"]}
    assert events["task.assigned"] == {
        "assigned_to": [cast.editor.pk, cast.owner.pk],
        "assignees": [[cast.editor.pk, cast.viewer.pk], [cast.owner.pk, cast.viewer.pk]],
    }


def test_times_in_the_log_are_in_utc(cast: Cast, task: Task) -> None:
    edit_task(actor_of(cast.editor), task.pk, {"due_at": datetime.fromisoformat("2026-05-01T02:00:00+02:00")})
    assert last_event(task).changes == {"due_date": [None, "2026-05-01T00:00:00Z"]}


def test_stale(cast: Cast, task: Task) -> None:
    edit_task(actor_of(cast.editor), task.pk, {"title": "Ferns"}, expected_version=1)
    with nothing_changes(), pytest.raises(Stale):
        edit_task(actor_of(cast.editor), task.pk, {"title": "Roses"}, expected_version=1)


def test_all_that_is_wrong_is_named_and_nothing_changes(cast: Cast, task: Task) -> None:
    part = make_task(cast.owner, cast.project, "Part", parent_id=task.pk)
    with nothing_changes(), pytest.raises(Invalid) as refusal:
        edit_task(
            actor_of(cast.editor),
            task.pk,
            {
                "title": "",
                "status": "perhaps",
                "assignees": [cast.outsider.pk],
                "parent_id": part.pk,
            },
        )
    assert [error.pointer for error in refusal.value.errors] == [
        "/title",
        "/status",
        "/assignees",
        "/parent",
    ]
