"""delegate_task: works · twice · denied · invisible · event recorded · bad input changes nothing."""

from __future__ import annotations

import pytest

from baton.core.commands.task_delegation import delegate_task
from baton.core.errors import Denied, Invalid, NotFound, Stale
from baton.core.models import Event, Task
from tests.cast import Cast
from tests.factories import actor_of, make_task
from tests.traces import last_event, nothing_changes, verbs_of


@pytest.fixture
def task(cast: Cast) -> Task:
    """A task that the viewer leads and the newcomer helps with."""
    return make_task(cast.owner, cast.project, assignees=[cast.viewer.pk, cast.newcomer.pk])


def people(task: Task) -> list[str]:
    return list(task.assignments.order_by("position").values_list("user__username", flat=True))


def test_works(cast: Cast, task: Task) -> None:
    delegation = delegate_task(actor_of(cast.viewer), task.pk, cast.editor.pk, "Please.", expected_version=1)
    task.refresh_from_db()
    assert (delegation.state, delegation.giver, delegation.receiver) == ("offered", cast.viewer, cast.editor)
    assert (delegation.previous_lead_id, delegation.note, delegation.version) == (cast.viewer.pk, "Please.", 1)
    assert (task.delegated, task.lead_id, task.version) == (True, cast.editor.pk, 2)
    assert people(task) == ["edgar", "nina"], "the giver steps back, the others stay"


def test_to_somebody_who_helps_already(cast: Cast, task: Task) -> None:
    delegate_task(actor_of(cast.viewer), task.pk, cast.newcomer.pk)
    assert people(task) == ["nina"]


def test_event_recorded(cast: Cast, task: Task) -> None:
    delegation = delegate_task(actor_of(cast.viewer), task.pk, cast.editor.pk, "Please.")
    event = last_event(task)
    assert (event.verb, event.actor) == ("task.delegated", cast.viewer)
    assert event.data == {
        "delegation": delegation.pk,
        "giver": cast.viewer.pk,
        "receiver": cast.editor.pk,
        "note": "Please.",
    }
    assert event.changes == {
        "delegated": [False, True],
        "assigned_to": [cast.viewer.pk, cast.editor.pk],
        "assignees": [[cast.viewer.pk, cast.newcomer.pk], [cast.editor.pk, cast.newcomer.pk]],
    }


def test_handing_on_what_was_offered_accepts_it(cast: Cast, task: Task) -> None:
    first = delegate_task(actor_of(cast.viewer), task.pk, cast.editor.pk)
    second = delegate_task(actor_of(cast.editor), task.pk, cast.newcomer.pk)
    first.refresh_from_db()
    assert (first.state, first.version, second.state) == ("accepted", 2, "offered")
    assert first.answered_at == second.created_at
    assert verbs_of(task) == ["task.created", "task.delegated", "delegation.accepted", "task.delegated"]
    accepted = Event.objects.get(verb="delegation.accepted")
    assert (accepted.data, accepted.actor) == ({"delegation": first.pk, "note": ""}, cast.editor)


def test_twice_is_refused(cast: Cast, task: Task) -> None:
    delegate_task(actor_of(cast.owner), task.pk, cast.editor.pk)
    with nothing_changes(), pytest.raises(Invalid) as refusal:
        delegate_task(actor_of(cast.owner), task.pk, cast.editor.pk)
    assert [error.code for error in refusal.value.errors] == ["already_lead"]


def test_denied(cast: Cast, task: Task) -> None:
    helped = make_task(cast.owner, cast.project, assignees=[cast.editor.pk, cast.viewer.pk])
    with nothing_changes(), pytest.raises(Denied):
        delegate_task(actor_of(cast.viewer), helped.pk, cast.newcomer.pk)


def test_invisible_and_stale(cast: Cast, task: Task) -> None:
    with nothing_changes():
        with pytest.raises(NotFound):
            delegate_task(actor_of(cast.outsider), task.pk, cast.outsider.pk)
        with pytest.raises(Stale):
            delegate_task(actor_of(cast.viewer), task.pk, cast.editor.pk, expected_version=9)


def test_bad_input_changes_nothing(cast: Cast, task: Task) -> None:
    viewer = actor_of(cast.viewer)
    with nothing_changes():
        for receiver in (cast.outsider.pk, 10**9, cast.viewer.pk):
            with pytest.raises(Invalid) as refusal:
                delegate_task(viewer, task.pk, receiver)
            assert [error.pointer for error in refusal.value.errors] == ["/to"]
        with pytest.raises(Invalid) as refusal:
            delegate_task(viewer, task.pk, cast.outsider.pk, "x" * 2001)
        assert [error.pointer for error in refusal.value.errors] == ["/to", "/note"]
