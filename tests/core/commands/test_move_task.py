"""move_task within a project: works · twice · denied · invisible · event recorded · bad input changes nothing."""

from __future__ import annotations

import pytest

from baton.core.commands import task_ranks
from baton.core.commands.task_moves import Place, move_task
from baton.core.commands.tasks import trash_task
from baton.core.errors import Denied, Invalid, NotFound, Stale
from baton.core.models import Event, Project, Task
from baton.lib import rank
from tests.cast import Cast
from tests.factories import actor_of, make_project, make_task
from tests.traces import last_event, nothing_changes, verbs_of


def make_column(cast: Cast, count: int, **fields: object) -> list[Task]:
    return [make_task(cast.owner, cast.project, f"Task {number}", **fields) for number in range(count)]


def order(project: Project, **only: object) -> list[int]:
    return list(Task.objects.filter(project=project, **only).order_by("rank").values_list("pk", flat=True))


def test_every_place_between_the_others(cast: Cast) -> None:
    tasks = make_column(cast, 5)
    for moved in tasks:
        for other in tasks:
            if moved == other:
                continue
            for place in (Place(before_id=other.pk), Place(after_id=other.pk)):
                expected = [pk for pk in order(cast.project) if pk != moved.pk]
                expected.insert(expected.index(other.pk) + (place.before_id is None), moved.pk)
                move_task(actor_of(cast.editor), moved.pk, place)
                assert order(cast.project) == expected


def test_twice_is_once(cast: Cast) -> None:
    first, second, third = make_column(cast, 3)
    move_task(actor_of(cast.editor), third.pk, Place(before_id=second.pk))
    assert order(cast.project) == [first.pk, third.pk, second.pk]
    with nothing_changes():
        move_task(actor_of(cast.editor), third.pk, Place(before_id=second.pk))
        move_task(actor_of(cast.editor), third.pk, Place(after_id=first.pk))
        move_task(actor_of(cast.editor), second.pk, Place())
        move_task(actor_of(cast.editor), second.pk, Place(status="todo", project_id=cast.project.pk))


def test_its_event_tells_the_rank_and_counts_the_version(cast: Cast) -> None:
    first, second = make_column(cast, 2)
    moved = move_task(actor_of(cast.editor), second.pk, Place(before_id=first.pk), expected_version=1)
    assert moved.version == 2
    event = last_event(second)
    assert (event.verb, event.actor_id, event.project_id) == ("task.moved", cast.editor.pk, cast.project.pk)
    assert event.changes == {"rank": [second.rank, moved.rank]}
    assert Task.objects.get(pk=second.pk).rank == moved.rank


def test_into_another_column_at_its_end_or_beside_a_task_of_it(cast: Cast) -> None:
    one, two = make_column(cast, 2)
    third, fourth = make_column(cast, 2, status="review")
    move_task(actor_of(cast.editor), one.pk, Place(status="review"))
    assert order(cast.project, status="review") == [third.pk, fourth.pk, one.pk]
    assert verbs_of(one) == ["task.created", "task.status_changed", "task.moved"]
    move_task(actor_of(cast.editor), two.pk, Place(status="review", before_id=fourth.pk))
    assert order(cast.project, status="review") == [third.pk, two.pk, fourth.pk, one.pk]


def test_alone_in_a_column_it_keeps_its_rank(cast: Cast) -> None:
    one, _ = make_column(cast, 2)
    moved = move_task(actor_of(cast.editor), one.pk, Place(status="done"))
    assert (moved.status, moved.rank) == ("done", one.rank)
    assert moved.completed_at is not None
    assert verbs_of(one) == ["task.created", "task.status_changed"]


def test_it_lands_behind_what_others_hold_in_the_trash(cast: Cast) -> None:
    first, second, third = make_column(cast, 3)
    trash_task(actor_of(cast.owner), second.pk)
    move_task(actor_of(cast.editor), third.pk, Place(after_id=first.pk))
    move_task(actor_of(cast.editor), third.pk, Place(before_id=first.pk))
    move_task(actor_of(cast.editor), third.pk, Place(after_id=first.pk))
    assert order(cast.project) == [first.pk, third.pk, second.pk]


def test_who_works_on_it_may(cast: Cast) -> None:
    task, other = make_column(cast, 2, assigned_to=cast.viewer.pk)
    assert move_task(actor_of(cast.viewer), other.pk, Place(before_id=task.pk)).rank < task.rank


def test_refusals(cast: Cast) -> None:
    task, other = make_column(cast, 2)
    elsewhere = make_task(cast.editor, make_project(cast.editor, "Elsewhere"))
    foreign = make_task(cast.outsider, make_project(cast.outsider, "Foreign"))
    trashed = make_task(cast.owner, cast.project)
    trash_task(actor_of(cast.owner), trashed.pk)
    editor = actor_of(cast.editor)
    with nothing_changes():
        with pytest.raises(Denied):
            move_task(actor_of(cast.viewer), task.pk, Place(after_id=other.pk))
        with pytest.raises(NotFound):
            move_task(actor_of(cast.outsider), task.pk, Place(after_id=foreign.pk))
        with pytest.raises(Stale):
            move_task(editor, task.pk, Place(after_id=other.pk), expected_version=2)
        for place, kind, pointer in (
            (Place(status="perhaps"), Invalid, "/status"),
            (Place(before_id=other.pk, after_id=other.pk), Invalid, "/after"),
            (Place(before_id=task.pk), Invalid, "/before"),
            (Place(after_id=elsewhere.pk), Invalid, "/after"),
            (Place(before_id=foreign.pk), NotFound, "/before"),
            (Place(after_id=trashed.pk), NotFound, "/after"),
            (Place(after_id=987654321), NotFound, "/after"),
            (Place(status="done", project_id=foreign.project_id), NotFound, "/project"),
        ):
            with pytest.raises(kind) as refusal:
                move_task(editor, task.pk, place)
            assert [error.pointer for error in refusal.value.errors] == [pointer]


def test_a_crowded_place_is_given_room(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two tasks that are put between one and the other in turn halve the same gap each time."""
    monkeypatch.setattr(task_ranks, "LONGEST", 20)
    monkeypatch.setattr(task_ranks, "SHORT", 12)
    monkeypatch.setattr(task_ranks, "NEIGHBOURS", 4)
    first, one, other, *rest = make_column(cast, 30)
    versions = dict(Task.objects.values_list("pk", "version"))
    for _ in range(100):
        move_task(actor_of(cast.editor), other.pk, Place(after_id=first.pk))
        one, other = other, one
        assert order(cast.project)[:3] == [first.pk, one.pk, other.pk]
    assert order(cast.project)[3:] == [task.pk for task in rest]
    ranks = list(Task.objects.values_list("rank", flat=True))
    assert max(map(len, ranks)) <= 20
    assert max(ranks) < rank.initial(31)
    untouched = {task.pk for task in rest}
    assert {pk for pk, version in Task.objects.values_list("pk", "version") if version == versions[pk]} >= untouched
    assert not Event.objects.filter(verb="task.moved", task__in=untouched).exists()
    far = Task.objects.get(pk=rest[-1].pk)
    assert far.rank == rest[-1].rank, "only what is near the place moves apart"


def test_room_is_made_even_where_all_are_crowded(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task_ranks, "LONGEST", 14)
    monkeypatch.setattr(task_ranks, "SHORT", 9)
    monkeypatch.setattr(task_ranks, "NEIGHBOURS", 1)
    tasks = make_column(cast, 12)
    expected = [task.pk for task in tasks]
    for number in range(60):
        moved, place = tasks[number % 12], (number * 7) % 11
        expected.remove(moved.pk)
        neighbour = expected[place]
        expected.insert(place + 1, moved.pk)
        move_task(actor_of(cast.editor), moved.pk, Place(after_id=neighbour))
        assert order(cast.project) == expected
