"""run_bulk: the same rows, events and refusals as the commands one by one, with fewer statements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from baton.core.actor import Actor
from baton.core.commands.bulk import Operation, run_bulk
from baton.core.commands.comments import add_comment
from baton.core.commands.task_assignment import assign_task
from baton.core.commands.task_creation import create_task
from baton.core.commands.task_delegation import delegate_task
from baton.core.commands.task_moves import Place, move_task
from baton.core.commands.task_status import change_status
from baton.core.commands.task_tally import correct_tallies
from baton.core.commands.task_watching import unwatch_task, watch_task
from baton.core.commands.tasks import edit_task, trash_task
from baton.core.errors import CoreError, Denied, Invalid, NotFound, Stale
from baton.core.models import Event, Project, Role, Task
from tests.cast import Cast
from tests.factories import actor_of, add_member, make_project, make_task
from tests.traces import nothing_changes, snapshot

MOMENTS = {"id", "uuid", "at", "created_at", "updated_at", "completed_at", "answered_at", "trashed_at", "transaction"}
"""What differs between two runs of the same commands."""
Act = Callable[[Actor], object]


def on(task: Task, command: Callable[..., object], *given: object, **named: Any) -> Operation:
    return Operation(lambda actor: command(actor, task.pk, *given, **named), task.pk, _target(given))


def _target(given: tuple[object, ...]) -> int | None:
    return next((place.project_id for place in given if isinstance(place, Place)), None)


def creation(project: Project, **fields: Any) -> Operation:
    return Operation(lambda actor: create_task(actor, project.pk, fields), None, project.pk)  # type: ignore[arg-type]


@pytest.fixture
def tasks(cast: Cast) -> list[Task]:
    whole = make_task(cast.owner, cast.project, "Whole", labels=["garden"])
    return [whole, *(make_task(cast.owner, cast.project, f"Part {n}", parent_id=whole.pk) for n in range(4))]


@pytest.fixture
def elsewhere(cast: Cast) -> Project:
    project = make_project(cast.editor, "Elsewhere")
    add_member(project, cast.viewer, Role.VIEWER)
    return project


def every_verb(cast: Cast, tasks: list[Task], elsewhere: Project) -> list[Operation]:
    """Return operations that build on each other, some of which are refused."""
    whole, one, two, three, four = tasks
    return [
        on(one, change_status, "review"),
        on(one, change_status, "done", expected_version=2),
        on(one, change_status, "todo", expected_version=2),
        on(two, edit_task, {"title": "Ferns", "labels": ["weekly", "Garden"], "status": "in_progress"}),
        on(two, edit_task, {"title": "", "priority": 9}),
        on(two, edit_task, {"assignees": [cast.viewer.pk, cast.newcomer.pk]}),
        creation(cast.project, title="New", assigned_to=cast.viewer.pk, labels=["weekly"]),
        creation(cast.project, title=""),
        on(three, assign_task, [cast.editor.pk]),
        on(three, delegate_task, cast.viewer.pk, "Please."),
        on(three, delegate_task, cast.outsider.pk),
        on(three, add_comment, "Done?"),
        on(three, watch_task),
        on(three, watch_task),
        on(three, unwatch_task),
        on(four, move_task, Place(before_id=one.pk)),
        on(four, move_task, Place(project_id=elsewhere.pk, status="planned")),
        on(four, edit_task, {"title": "Over there", "parent_id": whole.pk}),
        on(four, edit_task, {"title": "Over there"}),
        on(whole, move_task, Place(project_id=elsewhere.pk, before_id=four.pk)),
        on(one, edit_task, {"parent_id": whole.pk}),
        on(one, change_status, "planned"),
        on(two, trash_task),
        on(two, change_status, "done"),
        on(three, move_task, Place(after_id=two.pk)),
        creation(elsewhere, title="Last", status="done"),
    ]


def run_alone(actor: Actor, operations: list[Operation]) -> list[CoreError | None]:
    return [_alone(actor, operation) for operation in operations]


def _alone(actor: Actor, operation: Operation) -> CoreError | None:
    try:
        operation.act(actor)
    except CoreError as refusal:
        return refusal
    return None


def told(refusals: list[CoreError | None]) -> list[object]:
    return [refusal and (type(refusal), refusal.code, refusal.detail, refusal.errors) for refusal in refusals]


def rows() -> dict[str, list[Any]]:
    """Return every row, without what differs by the clock and by ids."""
    # The ledger of a bulk has fewer entries; what counts is that it is right.
    assert correct_tallies() == 0
    ids = {task.pk: f"{task.project_id}-{task.number}" for task in Task.objects.all()}
    return {
        model: sorted(repr({name: _plain(name, value, ids) for name, value in row.items()}) for row in found)
        for model, found in snapshot().items()
        if model != "Tally"
    }


def _plain(name: str, value: Any, tasks: dict[int, str]) -> Any:
    if name in MOMENTS:
        return value is None
    if name in ("task_id", "parent_id"):
        return tasks.get(value)
    if isinstance(value, dict):
        return {key: _plain(key, inner, tasks) for key, inner in value.items() if key not in ("comment", "delegation")}
    return "row" if name.endswith("_id") and name in ("label_id",) else value


def test_all_verbs_as_one_by_one(cast: Cast, tasks: list[Task], elsewhere: Project) -> None:
    actor, operations = actor_of(cast.editor), every_verb(cast, tasks, elsewhere)
    undo = transaction.savepoint()
    alone = told(run_alone(actor, operations))
    verbs = list(Event.objects.order_by("id").values_list("verb", flat=True))
    expected = rows()
    transaction.savepoint_rollback(undo)
    outcomes = run_bulk(actor, operations, is_atomic=False)
    assert told([outcome.refusal for outcome in outcomes]) == alone
    assert rows() == expected
    assert list(Event.objects.order_by("id").values_list("verb", flat=True)) == verbs
    assert sum(outcome is not None for outcome in alone) == 8


def test_each_outcome_holds_its_own_events(cast: Cast, tasks: list[Task], elsewhere: Project) -> None:
    before = Event.objects.count()
    outcomes = run_bulk(actor_of(cast.editor), every_verb(cast, tasks, elsewhere), is_atomic=False)
    recorded = list(Event.objects.order_by("id").values_list("verb", "task_id", "changes"))[before:]
    assert [(event.verb, event.task_id, event.changes) for one in outcomes for event in one.events] == recorded
    assert not [outcome for outcome in outcomes if outcome.refusal and outcome.events]


def test_one_refusal_undoes_all(cast: Cast, tasks: list[Task], elsewhere: Project) -> None:
    with nothing_changes():
        outcomes = run_bulk(actor_of(cast.editor), every_verb(cast, tasks, elsewhere))
    assert sum(outcome.refusal is not None for outcome in outcomes) == 8


def test_a_dry_run_leaves_nothing(cast: Cast, tasks: list[Task], elsewhere: Project) -> None:
    operations = every_verb(cast, tasks, elsewhere)
    with nothing_changes():
        dry = run_bulk(actor_of(cast.editor), operations, is_atomic=False, is_dry_run=True)
    wet = run_bulk(actor_of(cast.editor), operations, is_atomic=False)

    def changed(outcomes: list[Any]) -> list[list[tuple[str, list[str]]]]:
        return [[(event.verb, sorted(event.changes)) for event in outcome.events] for outcome in outcomes]

    assert changed(dry) == changed(wet)


def test_rights_are_those_of_each_task(cast: Cast, tasks: list[Task]) -> None:
    mine = make_task(cast.owner, cast.project, assigned_to=cast.viewer.pk)
    foreign = make_task(cast.outsider, make_project(cast.outsider))
    operations = [on(task, change_status, "done") for task in (mine, tasks[0], foreign, tasks[1])]
    outcomes = run_bulk(actor_of(cast.viewer), operations, is_atomic=False)
    assert [type(outcome.refusal) for outcome in outcomes] == [type(None), Denied, NotFound, Denied]
    assert Task.objects.get(pk=mine.pk).status == "done"


def test_what_could_not_be_read_is_a_refusal(cast: Cast, tasks: list[Task]) -> None:
    unreadable = Invalid.field("/op", "invalid_choice", "What?")
    outcomes = run_bulk(
        actor_of(cast.editor), [unreadable, on(tasks[0], change_status, "done", expected_version=9)], is_atomic=False
    )
    assert outcomes[0].refusal is unreadable
    assert isinstance(outcomes[1].refusal, Stale)


def test_a_hundred_tasks_cost_as_many_statements_as_two(cast: Cast) -> None:
    def count(tasks: list[Task]) -> int:
        operations = [on(task, change_status, "review") for task in tasks]
        with CaptureQueriesContext(connection) as queries:
            outcomes = run_bulk(actor_of(cast.editor), operations)
        assert not [outcome for outcome in outcomes if outcome.refusal]
        return len(queries)

    assert count([make_task(cast.owner, cast.project) for _ in range(100)]) == count(
        [make_task(cast.owner, cast.project) for _ in range(2)]
    )
