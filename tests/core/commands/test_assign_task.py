"""assign_task: works · twice · denied · invisible · event recorded · bad input changes nothing."""

from __future__ import annotations

import pytest

from baton.core.commands.members import remove_member
from baton.core.commands.task_assignment import assign_task
from baton.core.commands.task_delegation import delegate_task
from baton.core.errors import Denied, Invalid, NotFound, Stale
from baton.core.models import Task
from tests.cast import Cast
from tests.factories import actor_of, make_project, make_task, make_user
from tests.traces import last_event, nothing_changes


def people(task: Task) -> list[str]:
    return list(task.assignments.order_by("position").values_list("user__username", flat=True))


def test_works_and_twice_is_once(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    wanted = [cast.viewer.pk, cast.editor.pk]
    assigned = assign_task(actor_of(cast.editor), task.pk, wanted)
    assert (people(task), assigned.lead_id, assigned.assignees_count) == (["vera", "edgar"], cast.viewer.pk, 2)
    event = last_event(task)
    assert event.verb == "task.assigned"
    assert event.changes == {"assigned_to": [None, cast.viewer.pk], "assignees": [[], wanted]}
    with nothing_changes():
        assert assign_task(actor_of(cast.editor), task.pk, [*wanted, cast.viewer.pk]).version == 2
    assert assign_task(actor_of(cast.editor), task.pk, []).lead_id is None
    assert people(task) == []


def test_the_same_people_in_another_order_is_a_change(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project, assignees=[cast.viewer.pk, cast.editor.pk])
    assign_task(actor_of(cast.owner), task.pk, [cast.editor.pk, cast.viewer.pk])
    assert people(task) == ["edgar", "vera"]
    assert last_event(task).changes["assigned_to"] == [cast.viewer.pk, cast.editor.pk]


def test_a_new_lead_ends_what_was_delegated(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project, assigned_to=cast.owner.pk)
    delegation = delegate_task(actor_of(cast.owner), task.pk, cast.editor.pk)
    assign_task(actor_of(cast.owner), task.pk, [cast.editor.pk, cast.viewer.pk])
    delegation.refresh_from_db()
    assert delegation.state == "offered", "the lead is the same"
    assigned = assign_task(actor_of(cast.owner), task.pk, [cast.viewer.pk])
    delegation.refresh_from_db()
    assert (delegation.state, delegation.version, assigned.delegated) == ("ended", 2, False)
    assert last_event(task).changes["delegated"] == [True, False]


def test_who_has_left_can_stay_away_but_not_come_back(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project, assignees=[cast.editor.pk, cast.viewer.pk])
    remove_member(actor_of(cast.owner), cast.project.pk, cast.editor.pk)
    assert people(task) == ["vera"]
    with nothing_changes(), pytest.raises(Invalid):
        assign_task(actor_of(cast.owner), task.pk, [cast.editor.pk])


def test_an_open_project_takes_everybody_who_is_active(cast: Cast) -> None:
    task = make_task(cast.owner, make_project(cast.owner, "Open", visibility="open"))
    gone = make_user(is_active=False)
    assert assign_task(actor_of(cast.owner), task.pk, [cast.outsider.pk]).lead_id == cast.outsider.pk
    with nothing_changes(), pytest.raises(Invalid):
        assign_task(actor_of(cast.owner), task.pk, [gone.pk])


def test_refusals(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project, assigned_to=cast.viewer.pk)
    with nothing_changes():
        with pytest.raises(Denied):
            assign_task(actor_of(cast.viewer), task.pk, [cast.editor.pk])
        with pytest.raises(NotFound):
            assign_task(actor_of(cast.outsider), task.pk, [cast.outsider.pk])
        with pytest.raises(Stale):
            assign_task(actor_of(cast.owner), task.pk, [], expected_version=2)
        with pytest.raises(Invalid) as refusal:
            assign_task(actor_of(cast.owner), task.pk, [cast.editor.pk, cast.outsider.pk, 10**9])
    assert [(error.pointer, error.code) for error in refusal.value.errors] == [("/assignees", "not_a_member")] * 2
