"""create_task: works · twice · denied · invisible · event recorded · bad input changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from baton.core.actor import SYSTEM
from baton.core.commands.task_creation import create_task
from baton.core.errors import Denied, Invalid, NotFound
from baton.core.models import Label
from tests.cast import Cast
from tests.factories import actor_of, make_project, make_task
from tests.traces import last_event, nothing_changes


def test_works(cast: Cast) -> None:
    parent = make_task(cast.owner, cast.project, "Whole")
    task = create_task(
        actor_of(cast.editor),
        cast.project.pk,
        {
            "title": "Water the plants",
            "description": "Twice.",
            "status": "done",
            "priority": 3,
            "assignees": [cast.viewer.pk, cast.editor.pk, cast.viewer.pk],
            "labels": ["garden", "Garden", "daily"],
            "parent_id": parent.pk,
            "due_at": datetime(2026, 1, 2, tzinfo=timezone(timedelta(hours=2))),
        },
    )
    task.refresh_from_db()
    assert (task.number, task.version, task.priority, task.parent_id) == (2, 1, 3, parent.pk)
    assert (task.lead_id, task.assignees_count, task.labels_count) == (cast.viewer.pk, 2, 2)
    people = list(task.assignments.order_by("position").values_list("user", flat=True))
    assert people == [cast.viewer.pk, cast.editor.pk]
    assert set(Label.objects.filter(task_labels__task=task).values_list("name", flat=True)) == {"garden", "daily"}
    assert task.due_at == datetime(2026, 1, 1, 22, tzinfo=UTC)
    assert task.completed_at == task.created_at == task.updated_at
    assert task.created_by == cast.editor
    cast.project.refresh_from_db()
    assert (cast.project.last_number, cast.project.tasks_count) == (2, 2)


def test_twice_makes_two(cast: Cast) -> None:
    first, second = (make_task(cast.editor, cast.project, "Same") for _ in range(2))
    assert (first.number, second.number) == (1, 2)
    assert first.rank < second.rank


def test_numbers_are_not_given_again(cast: Cast) -> None:
    make_task(cast.editor, cast.project).delete()
    assert make_task(cast.editor, cast.project).number == 2


def test_denied(cast: Cast) -> None:
    opened = make_project(cast.owner, "Open", visibility="open")
    with nothing_changes():
        with pytest.raises(Denied):
            make_task(cast.viewer, cast.project)
        with pytest.raises(Denied):
            create_task(SYSTEM, opened.pk, {"title": "By nobody"})


def test_invisible(cast: Cast) -> None:
    foreign = make_task(cast.outsider, make_project(cast.outsider, "Foreign"))
    with nothing_changes():
        for project_id in (foreign.project_id, 10**9):
            with pytest.raises(NotFound):
                create_task(actor_of(cast.editor), project_id, {"title": "New"})
        for parent_id in (foreign.pk, 10**9):
            with pytest.raises(NotFound) as refusal:
                make_task(cast.editor, cast.project, parent_id=parent_id)
            assert [error.pointer for error in refusal.value.errors] == ["/parent"]


def test_event_recorded(cast: Cast) -> None:
    task = make_task(cast.editor, cast.project, assigned_to=cast.viewer.pk, labels=["b", "a"])
    event = last_event(task)
    assert (event.verb, event.actor, event.project) == ("task.created", cast.editor, cast.project)
    assert event.data == {"key": f"{cast.project.key}-1"}
    assert event.changes == {
        "title": [None, "Water the plants"],
        "status": [None, "todo"],
        "priority": [None, "medium"],
        "assigned_to": [None, cast.viewer.pk],
        "assignees": [None, [cast.viewer.pk]],
        "labels": [None, ["a", "b"]],
    }


@pytest.mark.parametrize(
    "fields, pointers",
    [
        ({"title": ""}, ["/title"]),
        ({"title": " \t"}, ["/title"]),
        ({"title": "x" * 201}, ["/title"]),
        ({"title": "a\nb"}, ["/title"]),
        ({"title": "a\0b"}, ["/title"]),
        ({"title": "\ud800"}, ["/title"]),
        ({"description": "x" * 100_001}, ["/description"]),
        ({"description": "\udfff"}, ["/description"]),
        ({"status": "perhaps", "priority": 4}, ["/status", "/priority"]),
        ({"due_at": datetime(2026, 1, 1)}, ["/due_date"]),  # noqa: DTZ001
        ({"due_at": datetime(1, 1, 1, tzinfo=UTC)}, ["/due_date"]),
        ({"labels": [""]}, ["/labels/0"]),
        ({"labels": ["ok", "x" * 51]}, ["/labels/1"]),
        ({"labels": [str(number) for number in range(51)]}, ["/labels"]),
        ({"assignees": list(range(10**6, 10**6 + 51))}, ["/assignees"]),
        ({"assignees": [10**9, 10**9 + 1]}, ["/assignees", "/assignees"]),
        ({"assigned_to": 10**9, "title": ""}, ["/title", "/assigned_to"]),
    ],
)
def test_bad_input_changes_nothing(cast: Cast, fields: dict[str, Any], pointers: list[str]) -> None:
    with nothing_changes(), pytest.raises(Invalid) as refusal:
        make_task(cast.editor, cast.project, **{"title": "Fine", **fields})
    assert [error.pointer for error in refusal.value.errors] == pointers
