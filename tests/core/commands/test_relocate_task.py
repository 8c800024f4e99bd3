"""A task goes into another project: rights on both sides, and what comes along."""

from __future__ import annotations

import pytest

from baton.core.commands.task_delegation import delegate_task
from baton.core.commands.task_moves import Place, move_task
from baton.core.commands.task_watching import watch_task
from baton.core.commands.tasks import edit_task
from baton.core.errors import Denied, Invalid, NotFound
from baton.core.models import Delegation, Event, Label, Project, Role, Task, TaskLabel, Watcher
from baton.core.models.project import Visibility
from baton.core.queries.tasks import get_task
from tests.cast import Cast
from tests.factories import actor_of, add_member, make_project, make_task
from tests.traces import nothing_changes, verbs_of


@pytest.fixture
def target(cast: Cast) -> Project:
    """A project of the editor's with one task, where the viewer belongs too."""
    project = make_project(cast.editor, "Target")
    add_member(project, cast.viewer, Role.VIEWER)
    make_task(cast.editor, project, labels=["BUG"])
    return project


def relocate(cast: Cast, task: Task, target: Project) -> Task:
    return move_task(actor_of(cast.editor), task.pk, Place(project_id=target.pk))


def test_it_gets_a_new_key_behind_all_others(cast: Cast, target: Project) -> None:
    task = make_task(cast.owner, cast.project)
    moved = relocate(cast, task, target)
    assert get_task(actor_of(cast.editor), task.pk).key == f"{target.key}-2"
    assert moved.rank == max(Task.objects.filter(project=target).values_list("rank", flat=True))
    assert list(
        Project.objects.filter(pk__in=(cast.project.pk, target.pk)).order_by("pk").values_list("tasks_count")
    ) == [
        (0,),
        (2,),
    ]
    with pytest.raises(NotFound):
        get_task(actor_of(cast.owner), task.pk)
    make_task(cast.owner, cast.project)
    assert make_task(cast.editor, target).number == 3


def test_each_project_is_told_its_side(cast: Cast, target: Project) -> None:
    task = make_task(cast.owner, cast.project)
    moved = relocate(cast, task, target)
    left, came = Event.objects.filter(task=task).order_by("id")[1:]
    assert (left.verb, left.project_id, left.data) == ("task.left", cast.project.pk, {"key": f"{cast.project.key}-1"})
    assert (came.verb, came.project_id) == ("task.moved", target.pk)
    assert came.changes == {
        "project": [cast.project.pk, target.pk],
        "key": [f"{cast.project.key}-1", f"{target.key}-2"],
        "rank": [task.rank, moved.rank],
    }


def test_labels_come_along_by_name(cast: Cast, target: Project) -> None:
    task = make_task(cast.owner, cast.project, labels=["bug", "urgent"])
    relocate(cast, task, target)
    assert get_task(actor_of(cast.editor), task.pk).labels == ["BUG", "urgent"]
    assert set(TaskLabel.objects.filter(task=task).values_list("label__project", flat=True)) == {target.pk}
    assert Label.objects.filter(project=target).count() == 2
    edited = Event.objects.get(task=task, verb="task.edited")
    assert edited.changes == {"labels": [["bug", "urgent"], ["BUG", "urgent"]]}


def test_people_who_do_not_see_it_there_are_taken_off(cast: Cast, target: Project) -> None:
    task = make_task(cast.owner, cast.project, assignees=[cast.owner.pk, cast.viewer.pk])
    delegate_task(actor_of(cast.owner), task.pk, cast.newcomer.pk)
    watch_task(actor_of(cast.newcomer), task.pk)
    watch_task(actor_of(cast.viewer), task.pk)
    relocate(cast, task, target)
    shown = get_task(actor_of(cast.editor), task.pk)
    assert [person.id for person in shown.assignees] == [cast.viewer.pk]
    assert not shown.delegated
    assert Delegation.objects.get(task=task).state == "ended"
    assert list(Watcher.objects.filter(task=task).values_list("user", flat=True)) == [cast.viewer.pk]
    assigned = Event.objects.get(task=task, verb="task.assigned")
    assert assigned.project_id == target.pk
    assert assigned.changes["assignees"] == [[cast.newcomer.pk, cast.viewer.pk], [cast.viewer.pk]]


def test_in_an_open_project_everybody_stays(cast: Cast) -> None:
    target = make_project(cast.editor, "Open", visibility=Visibility.OPEN)
    task = make_task(cast.owner, cast.project, assignees=[cast.owner.pk, cast.newcomer.pk])
    relocate(cast, task, target)
    assert len(get_task(actor_of(cast.owner), task.pk).assignees) == 2
    assert "task.assigned" not in verbs_of(task)


def test_parent_and_parts_stay_behind(cast: Cast, target: Project) -> None:
    whole = make_task(cast.owner, cast.project)
    task = make_task(cast.owner, cast.project, parent_id=whole.pk)
    part = make_task(cast.owner, cast.project, parent_id=task.pk)
    moved = relocate(cast, task, target)
    assert moved.parent_id is None
    part.refresh_from_db()
    assert (part.parent_id, part.project_id, part.version) == (None, cast.project.pk, 2)
    assert Event.objects.get(task=part, verb="task.edited").changes == {"parent": [task.pk, None]}


def test_to_a_place_in_the_other_project(cast: Cast, target: Project) -> None:
    task, there = make_task(cast.owner, cast.project), Task.objects.get(project=target)
    place = Place(status="review", before_id=there.pk, project_id=target.pk)
    moved = move_task(actor_of(cast.editor), task.pk, place, expected_version=1)
    assert (moved.status, moved.version) == ("review", 2)
    assert moved.rank < there.rank
    assert verbs_of(task) == ["task.created", "task.left", "task.moved", "task.status_changed"]


def test_an_edit_takes_it_there_too(cast: Cast, target: Project) -> None:
    task, there = make_task(cast.owner, cast.project, labels=["bug"]), Task.objects.get(project=target)
    edit_task(
        actor_of(cast.editor),
        task.pk,
        {
            "project_id": target.pk,
            "title": "There",
            "parent_id": there.pk,
            "assigned_to": cast.viewer.pk,
            "labels": ["new"],
        },
    )
    shown = get_task(actor_of(cast.editor), task.pk)
    assert (shown.project, shown.title, shown.parent, shown.labels) == (target.pk, "There", there.pk, ["new"])
    assert shown.assigned_to is not None
    assert shown.assigned_to.id == cast.viewer.pk


def test_an_edit_checks_against_the_other_project(cast: Cast, target: Project) -> None:
    whole = make_task(cast.owner, cast.project)
    task = make_task(cast.owner, cast.project, parent_id=whole.pk, assigned_to=cast.owner.pk)
    with nothing_changes():
        for fields, pointer in (
            ({"parent_id": whole.pk}, "/parent"),
            ({"assignees": [cast.owner.pk]}, "/assignees"),
            ({"title": ""}, "/title"),
        ):
            with pytest.raises(Invalid) as refusal:
                edit_task(actor_of(cast.editor), task.pk, {"project_id": target.pk, **fields})  # type: ignore[typeddict-item]
            assert [error.pointer for error in refusal.value.errors] == [pointer]


def test_it_takes_rights_on_both_sides(cast: Cast, target: Project) -> None:
    task = make_task(cast.owner, cast.project, assigned_to=cast.viewer.pk)
    own = make_project(cast.viewer, "The viewer's")
    add_member(own, cast.editor, Role.VIEWER)
    foreign = make_project(cast.outsider, "Foreign")
    with nothing_changes():
        for person, project, kind in (
            (cast.viewer, own, Denied),  # may move it along here, but not take it away
            (cast.editor, own, Denied),  # may take it away, but not create there
            (cast.editor, foreign, NotFound),
            (cast.outsider, foreign, NotFound),
            (cast.owner, target, NotFound),
        ):
            with pytest.raises(kind):
                move_task(actor_of(person), task.pk, Place(project_id=project.pk))
            with pytest.raises(kind):
                edit_task(actor_of(person), task.pk, {"project_id": project.pk})
