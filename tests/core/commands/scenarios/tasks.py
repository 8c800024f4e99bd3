"""Tasks: edited, moved, handed on, watched, thrown away and brought back."""

from __future__ import annotations

from datetime import datetime

from baton.core.commands import (
    bulk,
    task_assignment,
    task_creation,
    task_delegation,
    task_handover,
    task_moves,
    task_status,
    task_watching,
    tasks,
    trash,
    undo,
)
from baton.core.commands.bulk import Operation
from baton.core.commands.task_fields import TaskFields
from baton.core.commands.task_moves import Place
from baton.core.models import Delegation, Event, Task
from tests.cast import Cast
from tests.core.commands.scenarios.full_task import Scenario, make_full_task
from tests.factories import actor_of, make_project, make_task


def _answer(state: str) -> Scenario:
    def act(cast: Cast, task: Task) -> object:
        offer = Delegation.objects.get(task=task, receiver=cast.newcomer)
        return task_delegation.answer_delegation(actor_of(cast.newcomer), offer.pk, state, "So be it.")

    return act


def _edit_and_hand_on(cast: Cast, _task: Task) -> object:
    place = make_project(cast.owner, "Shared", visibility="open", assignees_edit=True)
    task = make_task(cast.owner, place, assigned_to=cast.outsider.pk)
    fields: TaskFields = {"title": "Water them", "assigned_to": cast.viewer.pk}
    return task_handover.edit_or_hand_on(actor_of(cast.outsider), task.pk, fields)


def _status_change(cast: Cast, task: Task) -> int:
    task_status.change_status(actor_of(cast.editor), task.pk, "done")
    return Event.objects.latest("pk").pk


def _hand_on_twice(cast: Cast, task: Task) -> None:
    task_delegation.delegate_task(actor_of(cast.newcomer), task.pk, cast.viewer.pk)
    task_delegation.delegate_task(actor_of(cast.viewer), task.pk, cast.owner.pk)


def _return_from_the_middle(cast: Cast, task: Task) -> None:
    _hand_on_twice(cast, task)
    _answer("returned")(cast, task)


def _take_away(cast: Cast, task: Task) -> None:
    """Into a project of the editor's, where nobody else belongs."""
    elsewhere = make_project(cast.editor, "Elsewhere")
    make_task(cast.editor, elsewhere, labels=["DAILY"])
    task_moves.move_task(actor_of(cast.editor), task.pk, Place(status="review", project_id=elsewhere.pk))


def _take_the_whole_away(cast: Cast, task: Task) -> None:
    elsewhere = make_project(cast.editor, "Elsewhere")
    tasks.edit_task(actor_of(cast.editor), task.parent_id or 0, {"project_id": elsewhere.pk, "title": "Apart"})


def _many_at_once(cast: Cast, task: Task) -> None:
    operations = [
        Operation(lambda actor: task_status.change_status(actor, task.pk, "review"), task.pk),
        Operation(lambda actor: tasks.edit_task(actor, task.pk, {"title": "Ferns", "labels": ["weekly"]}), task.pk),
        Operation(
            lambda actor: task_creation.create_task(actor, task.project_id, {"title": "New"}), None, task.project_id
        ),
        Operation(lambda actor: task_assignment.assign_task(actor, task.pk, [cast.owner.pk]), task.pk),
        Operation(lambda actor: task_status.change_status(actor, task.pk, "done"), task.pk),
        Operation(lambda actor: task_moves.move_task(actor, task.parent_id or 0, Place(after_id=task.pk)), task.pk),
        Operation(lambda actor: tasks.trash_task(actor, task.parent_id or 0), task.parent_id),
    ]
    outcomes = bulk.run_bulk(actor_of(cast.editor), operations)
    assert not [outcome.refusal for outcome in outcomes if outcome.refusal]


SCENARIOS: dict[str, list[Scenario]] = {
    "task_creation.create_task": [
        lambda cast, _task: make_task(cast.editor, cast.project),
        lambda cast, _task: make_task(cast.editor, cast.project, status="done", assigned_to=cast.viewer.pk),
        lambda cast, _task: make_full_task(cast),
    ],
    "tasks.edit_task": [
        lambda cast, task: tasks.edit_task(actor_of(cast.editor), task.pk, {"title": "Ferns", "description": ""}),
        lambda cast, task: tasks.edit_task(actor_of(cast.editor), task.pk, {"priority": 1, "labels": ["weekly"]}),
        lambda cast, task: tasks.edit_task(actor_of(cast.editor), task.pk, {"labels": [], "parent_id": None}),
        lambda cast, task: tasks.edit_task(actor_of(cast.editor), task.pk, {"due_at": None, "status": "done"}),
        lambda cast, task: tasks.edit_task(
            actor_of(cast.editor), task.pk, {"due_at": datetime.fromisoformat("2027-01-01T01:02:03+05:30")}
        ),
        lambda cast, task: tasks.edit_task(actor_of(cast.editor), task.pk, {"assigned_to": cast.owner.pk}),
        lambda cast, task: tasks.edit_task(actor_of(cast.editor), task.pk, {"assigned_to": None}),
        _take_the_whole_away,
        lambda cast, task: tasks.edit_task(
            actor_of(cast.editor), task.pk, {"assignees": [cast.newcomer.pk, cast.owner.pk], "status": "review"}
        ),
    ],
    "task_moves.move_task": [
        lambda cast, task: task_moves.move_task(actor_of(cast.editor), task.pk, Place(before_id=task.parent_id)),
        lambda cast, task: task_moves.move_task(actor_of(cast.viewer), task.pk, Place(status="done")),
        _take_away,
    ],
    "bulk.run_bulk": [_many_at_once],
    "tasks.trash_task": [lambda cast, task: tasks.trash_task(actor_of(cast.editor), task.pk)],
    "task_assignment.assign_task": [
        lambda cast, task: task_assignment.assign_task(actor_of(cast.editor), task.pk, [cast.viewer.pk, cast.owner.pk]),
        lambda cast, task: task_assignment.assign_task(actor_of(cast.editor), task.pk, []),
    ],
    "task_status.change_status": [
        lambda cast, task: task_status.change_status(actor_of(cast.viewer), task.pk, "in_progress"),
        lambda cast, task: task_status.change_status(actor_of(cast.viewer), task.pk, "done"),
    ],
    "task_delegation.delegate_task": [
        _hand_on_twice,
        lambda cast, task: task_delegation.delegate_task(actor_of(cast.owner), task.pk, cast.editor.pk),
    ],
    "task_delegation.answer_delegation": [
        _answer("accepted"),
        _answer("declined"),
        _answer("returned"),
        _return_from_the_middle,
    ],
    "task_watching.watch_task": [lambda cast, task: task_watching.watch_task(actor_of(cast.editor), task.pk)],
    "task_watching.unwatch_task": [lambda cast, task: task_watching.unwatch_task(actor_of(cast.viewer), task.pk)],
    "task_handover.edit_or_hand_on": [
        lambda cast, task: task_handover.edit_or_hand_on(
            actor_of(cast.owner), task.pk, {"title": "Water them", "assigned_to": cast.owner.pk}
        ),
        _edit_and_hand_on,
    ],
    "trash.restore_task": [
        lambda cast, task: trash.restore_task(
            actor_of(cast.editor), tasks.trash_task(actor_of(cast.editor), task.pk).pk
        )
    ],
    "undo.undo_event": [lambda cast, task: undo.undo_event(actor_of(cast.editor), _status_change(cast, task))],
}
