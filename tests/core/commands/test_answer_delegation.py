"""answer_delegation: works · twice · denied · invisible · event recorded · bad input changes nothing."""

from __future__ import annotations

import pytest

from baton.core.commands.members import remove_member
from baton.core.commands.task_assignment import assign_task
from baton.core.commands.task_delegation import answer_delegation, delegate_task
from baton.core.errors import Conflict, Denied, Invalid, NotFound, Stale
from baton.core.models import Delegation, Task
from tests.cast import Cast
from tests.factories import actor_of, make_task
from tests.traces import last_event, nothing_changes, verbs_of


@pytest.fixture
def task(cast: Cast) -> Task:
    """A task that the owner leads and the viewer helps with."""
    return make_task(cast.owner, cast.project, assignees=[cast.owner.pk, cast.viewer.pk])


@pytest.fixture
def offer(cast: Cast, task: Task) -> Delegation:
    """The owner has handed it to the editor."""
    return delegate_task(actor_of(cast.owner), task.pk, cast.editor.pk)


def people(task: Task) -> list[str]:
    return list(task.assignments.order_by("position").values_list("user__username", flat=True))


def state(task: Task) -> tuple[list[str], bool]:
    task.refresh_from_db()
    assert task.assignees_count == len(people(task))
    return people(task), task.delegated


def test_accepting(cast: Cast, task: Task, offer: Delegation) -> None:
    answered = answer_delegation(actor_of(cast.editor), offer.pk, "accepted", "Gladly.", expected_version=1)
    assert (answered.state, answered.answer, answered.version) == ("accepted", "Gladly.", 2)
    assert state(task) == (["edgar", "vera"], True)
    assert task.version == 3
    event = last_event(task)
    assert (event.verb, event.changes) == ("delegation.accepted", {})
    assert event.data == {"delegation": offer.pk, "note": "Gladly."}


@pytest.mark.parametrize("accepted_first", [False, True])
def test_returning(cast: Cast, task: Task, offer: Delegation, accepted_first: bool) -> None:
    if accepted_first:
        answer_delegation(actor_of(cast.editor), offer.pk, "accepted")
    answer_delegation(actor_of(cast.editor), offer.pk, "returned", "Done my part.")
    assert state(task) == (["olga", "vera"], False)
    event = last_event(task)
    assert event.verb == "delegation.returned"
    assert event.changes == {
        "delegated": [True, False],
        "assigned_to": [cast.editor.pk, cast.owner.pk],
        "assignees": [[cast.editor.pk, cast.viewer.pk], [cast.owner.pk, cast.viewer.pk]],
    }


def test_declining(cast: Cast, task: Task, offer: Delegation) -> None:
    answer_delegation(actor_of(cast.editor), offer.pk, "declined")
    assert state(task) == (["olga", "vera"], False)
    assert last_event(task).verb == "delegation.declined"


def test_nobody_led_it_before(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    offer = delegate_task(actor_of(cast.owner), task.pk, cast.editor.pk)
    answer_delegation(actor_of(cast.editor), offer.pk, "declined")
    assert state(task) == ([], False)
    assert task.lead_id is None


def test_a_chain_of_three_comes_back_link_by_link(cast: Cast, task: Task, offer: Delegation) -> None:
    second = delegate_task(actor_of(cast.editor), task.pk, cast.newcomer.pk)
    third = delegate_task(actor_of(cast.newcomer), task.pk, cast.viewer.pk)
    assert state(task) == (["vera"], True)
    answer_delegation(actor_of(cast.viewer), third.pk, "declined")
    assert state(task) == (["nina"], True)
    answer_delegation(actor_of(cast.newcomer), second.pk, "returned")
    assert state(task) == (["edgar"], True)
    answer_delegation(actor_of(cast.editor), offer.pk, "returned")
    assert state(task) == (["olga"], False)
    assert not Delegation.objects.filter(state__in=["offered", "accepted"]).exists()


def test_the_middle_of_a_chain_takes_it_back_from_the_end(cast: Cast, task: Task, offer: Delegation) -> None:
    second = delegate_task(actor_of(cast.editor), task.pk, cast.newcomer.pk)
    answer_delegation(actor_of(cast.editor), offer.pk, "returned")
    assert state(task) == (["olga", "vera"], False)
    second.refresh_from_db()
    assert (second.state, second.version) == ("ended", 2)


def test_an_editor_gave_it_to_somebody_else_meanwhile(cast: Cast, task: Task, offer: Delegation) -> None:
    second = delegate_task(actor_of(cast.owner), task.pk, cast.newcomer.pk)
    answer_delegation(actor_of(cast.editor), offer.pk, "declined")
    assert state(task) == (["nina", "vera"], True)
    assert last_event(task).changes == {}
    answer_delegation(actor_of(cast.newcomer), second.pk, "declined")
    assert state(task) == (["olga", "vera"], False)


def test_it_comes_back_past_those_who_have_left(cast: Cast, task: Task, offer: Delegation) -> None:
    second = delegate_task(actor_of(cast.editor), task.pk, cast.newcomer.pk)
    remove_member(actor_of(cast.owner), cast.project.pk, cast.editor.pk)
    answer_delegation(actor_of(cast.newcomer), second.pk, "returned")
    assert state(task) == (["olga", "vera"], False)
    offer.refresh_from_db()
    assert (offer.state, offer.version) == ("ended", 3)


def test_it_comes_back_to_nobody_if_all_have_left(cast: Cast, offer: Delegation) -> None:
    task = make_task(cast.owner, cast.project, assigned_to=cast.editor.pk)
    given = delegate_task(actor_of(cast.editor), task.pk, cast.newcomer.pk)
    remove_member(actor_of(cast.owner), cast.project.pk, cast.editor.pk)
    answer_delegation(actor_of(cast.newcomer), given.pk, "returned")
    assert state(task) == ([], False)


@pytest.mark.parametrize(
    "first, then",
    [
        ("accepted", "accepted"),
        ("accepted", "declined"),
        ("declined", "accepted"),
        ("declined", "declined"),
        ("declined", "returned"),
        ("returned", "accepted"),
        ("returned", "returned"),
    ],
)
def test_twice(cast: Cast, offer: Delegation, first: str, then: str) -> None:
    answer_delegation(actor_of(cast.editor), offer.pk, first)
    with nothing_changes(), pytest.raises(Conflict):
        answer_delegation(actor_of(cast.editor), offer.pk, then)


@pytest.mark.parametrize("answer", ["accepted", "declined", "returned"])
def test_what_a_reassignment_ended_has_no_answer(cast: Cast, task: Task, offer: Delegation, answer: str) -> None:
    assign_task(actor_of(cast.owner), task.pk, [])
    with nothing_changes(), pytest.raises(Conflict):
        answer_delegation(actor_of(cast.editor), offer.pk, answer)


def test_denied_and_invisible(cast: Cast, offer: Delegation) -> None:
    with nothing_changes():
        for other in (cast.owner, cast.viewer, cast.newcomer):
            with pytest.raises(Denied):
                answer_delegation(actor_of(other), offer.pk, "accepted")
        for delegation_id in (offer.pk, 10**9):
            with pytest.raises(NotFound):
                answer_delegation(actor_of(cast.outsider), delegation_id, "accepted")


def test_a_receiver_who_has_left_answers_no_more(cast: Cast, task: Task, offer: Delegation) -> None:
    remove_member(actor_of(cast.owner), cast.project.pk, cast.editor.pk)
    assert state(task) == (["vera"], False)
    with nothing_changes(), pytest.raises(NotFound):
        answer_delegation(actor_of(cast.editor), offer.pk, "accepted")


def test_bad_input_changes_nothing(cast: Cast, offer: Delegation) -> None:
    editor = actor_of(cast.editor)
    with nothing_changes():
        with pytest.raises(Stale):
            answer_delegation(editor, offer.pk, "accepted", expected_version=2)
        for bad in ("offered", "ended", "perhaps", ""):
            with pytest.raises(Invalid) as refusal:
                answer_delegation(editor, offer.pk, bad, "x" * 2001)
            assert [error.pointer for error in refusal.value.errors] == ["/state", "/note"]


def test_history_tells_the_whole_chain(cast: Cast, task: Task, offer: Delegation) -> None:
    second = delegate_task(actor_of(cast.editor), task.pk, cast.newcomer.pk)
    answer_delegation(actor_of(cast.newcomer), second.pk, "accepted")
    answer_delegation(actor_of(cast.newcomer), second.pk, "returned")
    answer_delegation(actor_of(cast.editor), offer.pk, "returned")
    assert verbs_of(task)[1:] == [
        "task.delegated",
        "delegation.accepted",
        "task.delegated",
        "delegation.accepted",
        "delegation.returned",
        "delegation.returned",
    ]
