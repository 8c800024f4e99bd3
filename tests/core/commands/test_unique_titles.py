"""Projects in which no two tasks are called alike."""

from __future__ import annotations

import pytest

from baton.core.commands.projects import edit_project
from baton.core.commands.task_creation import create_task
from baton.core.commands.task_moves import Place, move_task
from baton.core.commands.task_titles import TAKEN
from baton.core.commands.tasks import edit_task, trash_task
from baton.core.commands.trash import restore_task
from baton.core.errors import Conflict, Invalid
from baton.core.models import Project, Task
from tests.cast import Cast
from tests.factories import actor_of, make_project, make_task, make_user
from tests.threads import run_together
from tests.traces import nothing_changes


@pytest.fixture
def project(cast: Cast) -> Project:
    return make_project(cast.owner, "Strict", unique_titles=True)


def test_a_second_task_of_the_name_is_refused(cast: Cast, project: Project) -> None:
    make_task(cast.owner, project, "Water")
    with nothing_changes(), pytest.raises(Invalid) as refused:
        make_task(cast.owner, project, "Water")

    assert refused.value.errors == (TAKEN,)
    assert make_task(cast.owner, project, "water").title == "water"


def test_elsewhere_names_are_free(cast: Cast, project: Project) -> None:
    make_task(cast.owner, cast.project, "Water")

    assert make_task(cast.owner, cast.project, "Water").unique_title is None
    assert make_task(cast.owner, project, "Water").unique_title == "Water"


def test_renaming_to_a_taken_name_is_refused_and_to_the_own_one_is_not(cast: Cast, project: Project) -> None:
    make_task(cast.owner, project, "Water")
    other = make_task(cast.owner, project, "Feed")
    with nothing_changes(), pytest.raises(Invalid) as refused:
        edit_task(actor_of(cast.owner), other.pk, {"title": "Water"})

    assert refused.value.errors == (TAKEN,)
    assert edit_task(actor_of(cast.owner), other.pk, {"title": "Feed"}).version == 1
    assert edit_task(actor_of(cast.owner), other.pk, {"title": "Prune"}).unique_title == "Prune"
    make_task(cast.owner, project, "Feed")


def test_a_task_in_the_trash_gives_its_name_up(cast: Cast, project: Project) -> None:
    actor = actor_of(cast.owner)
    task = make_task(cast.owner, project, "Water")
    trash_task(actor, task.pk)
    second = make_task(cast.owner, project, "Water")
    with nothing_changes(), pytest.raises(Conflict) as refused:
        restore_task(actor, task.pk)

    assert refused.value.code == "title_taken"
    trash_task(actor, second.pk)
    assert restore_task(actor, task.pk).unique_title == "Water"


def test_a_task_that_moves_in_needs_a_free_name(cast: Cast, project: Project) -> None:
    actor = actor_of(cast.owner)
    make_task(cast.owner, project, "Water")
    task = make_task(cast.owner, cast.project, "Water")
    with nothing_changes(), pytest.raises(Invalid):
        move_task(actor, task.pk, Place(project_id=project.pk))
    with nothing_changes(), pytest.raises(Invalid):
        edit_task(actor, task.pk, {"project_id": project.pk})

    moved = edit_task(actor, task.pk, {"project_id": project.pk, "title": "Feed"})
    assert moved.unique_title == "Feed"
    assert edit_task(actor, task.pk, {"project_id": cast.project.pk}).unique_title is None


def test_the_rule_begins_only_where_it_holds_already(cast: Cast) -> None:
    actor = actor_of(cast.owner)
    first = make_task(cast.owner, cast.project, "Water")
    second = make_task(cast.owner, cast.project, "Water")
    with nothing_changes(), pytest.raises(Invalid) as refused:
        edit_project(actor, cast.project.pk, {"unique_titles": True})
    assert [error.pointer for error in refused.value.errors] == ["/unique_titles"]

    trash_task(actor, second.pk)
    edit_project(actor, cast.project.pk, {"unique_titles": True})
    assert Task.objects.get(pk=first.pk).unique_title == "Water"
    edit_project(actor, cast.project.pk, {"unique_titles": False})
    assert Task.objects.get(pk=first.pk).unique_title is None


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_gets_the_name() -> None:
    owner = make_user()
    project = make_project(owner, unique_titles=True)
    tasks = [make_task(owner, project, f"Task {number}").pk for number in range(4)]

    def rename(task: int) -> bool:
        try:
            edit_task(actor_of(owner), task, {"title": "Water"})
        except Invalid as refused:
            return refused.errors != (TAKEN,)  # which counts as a second winner below
        return True

    def create() -> bool:
        try:
            create_task(actor_of(owner), project.pk, {"title": "Water"})
        except Invalid:
            return False
        return True

    won = run_together(*(lambda task=task: rename(task) for task in tasks), create, create)
    assert sum(won) == 1
    assert Task.objects.filter(project=project, title="Water").count() == 1
