"""edit_or_hand_on: works · twice · denied · invisible · event recorded · bad input changes nothing."""

from __future__ import annotations

import pytest

from baton.core.commands.task_handover import edit_or_hand_on
from baton.core.errors import Denied, Invalid, NotFound
from baton.core.models import Delegation, Project, Task
from tests.cast import Cast
from tests.factories import actor_of, make_project, make_task
from tests.traces import nothing_changes, verbs_of


@pytest.fixture
def project(cast: Cast) -> Project:
    return make_project(cast.owner, "Open", visibility="open", assignees_edit=True)


@pytest.fixture
def task(cast: Cast, project: Project) -> Task:
    """Return a task that the outsider leads, with the newcomer beside them."""
    return make_task(cast.owner, project, assignees=[cast.outsider.pk, cast.newcomer.pk])


def test_the_lead_changes_it_and_hands_it_on(cast: Cast, task: Task) -> None:
    changed = edit_or_hand_on(
        actor_of(cast.outsider), task.pk, {"description": "Twice a day.", "assigned_to": cast.editor.pk}
    )

    assert (changed.description, changed.lead_id, changed.delegated) == ("Twice a day.", cast.editor.pk, True)
    assert set(task.assignments.values_list("user", flat=True)) == {cast.editor.pk, cast.newcomer.pk}
    assert verbs_of(task) == ["task.created", "task.edited", "task.delegated"]
    delegation = Delegation.objects.get()
    assert (delegation.giver, delegation.receiver) == (cast.outsider, cast.editor)


def test_twice_is_refused_since_it_is_another_who_leads_now(cast: Cast, task: Task) -> None:
    edit_or_hand_on(actor_of(cast.outsider), task.pk, {"assigned_to": cast.editor.pk})
    with nothing_changes(), pytest.raises(Denied):
        edit_or_hand_on(actor_of(cast.outsider), task.pk, {"assigned_to": cast.viewer.pk})
    edit_or_hand_on(actor_of(cast.editor), task.pk, {"assigned_to": cast.viewer.pk})
    assert Task.objects.get(pk=task.pk).delegated


def test_who_may_assign_it_assigns_it(cast: Cast, task: Task) -> None:
    changed = edit_or_hand_on(actor_of(cast.owner), task.pk, {"assigned_to": cast.editor.pk})

    assert (changed.lead_id, changed.delegated) == (cast.editor.pk, False)
    assert verbs_of(task) == ["task.created", "task.assigned"]


def test_the_lead_that_there_is_changes_nothing(cast: Cast, task: Task) -> None:
    with nothing_changes():
        edit_or_hand_on(actor_of(cast.outsider), task.pk, {"assigned_to": cast.outsider.pk})


def test_refusals(cast: Cast, task: Task) -> None:
    secret = make_task(cast.owner, cast.project)
    with nothing_changes():
        for person, fields in (
            (cast.newcomer, {"assigned_to": cast.editor.pk}),
            (cast.viewer, {"description": "Mine."}),
            (cast.outsider, {"assigned_to": None}),
            (cast.outsider, {"assigned_to": cast.editor.pk, "assignees": [cast.editor.pk]}),
        ):
            with pytest.raises(Denied):
                edit_or_hand_on(actor_of(person), task.pk, fields)  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            edit_or_hand_on(actor_of(cast.outsider), secret.pk, {"assigned_to": cast.editor.pk})


def test_bad_input_changes_nothing(cast: Cast, task: Task) -> None:
    with nothing_changes():
        with pytest.raises(Invalid) as refused:
            edit_or_hand_on(actor_of(cast.outsider), task.pk, {"title": "", "assigned_to": cast.editor.pk})
        assert [error.pointer for error in refused.value.errors] == ["/title"]
        with pytest.raises(Invalid) as refused:
            edit_or_hand_on(actor_of(cast.outsider), task.pk, {"description": "x", "assigned_to": 999_999})
        assert [error.code for error in refused.value.errors] == ["not_a_member"]
