"""change_status: works · twice · denied · invisible · event recorded · bad input changes nothing."""

from __future__ import annotations

import pytest

from baton.core.commands.task_status import change_status
from baton.core.errors import Denied, Invalid, NotFound, Stale
from baton.core.models import Status
from tests.cast import Cast
from tests.factories import actor_of, make_task
from tests.traces import last_event, nothing_changes


@pytest.mark.parametrize("status", [status for status in Status.values if status != "todo"])
def test_works_and_twice_is_once(cast: Cast, status: str) -> None:
    task = make_task(cast.owner, cast.project)
    changed = change_status(actor_of(cast.editor), task.pk, status)
    assert (changed.status, changed.version) == (status, 2)
    assert (changed.completed_at is not None) == (status == "done")
    assert last_event(task).verb == "task.status_changed"
    assert last_event(task).changes["status"] == ["todo", status]
    with nothing_changes():
        assert change_status(actor_of(cast.editor), task.pk, status).version == 2


def test_reopening_forgets_when_it_was_completed(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project, status="done")
    assert task.completed_at is not None
    assert change_status(actor_of(cast.owner), task.pk, "review").completed_at is None
    changes = last_event(task).changes
    assert changes["completed_at"][0] is not None
    assert changes["completed_at"][1] is None


def test_who_works_on_it_may(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project, assignees=[cast.editor.pk, cast.viewer.pk])
    assert change_status(actor_of(cast.viewer), task.pk, "done").status == "done"


def test_refusals(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    with nothing_changes():
        with pytest.raises(Denied):
            change_status(actor_of(cast.viewer), task.pk, "done")
        with pytest.raises(NotFound):
            change_status(actor_of(cast.outsider), task.pk, "done")
        with pytest.raises(Stale):
            change_status(actor_of(cast.owner), task.pk, "done", expected_version=7)
        with pytest.raises(Invalid) as refusal:
            change_status(actor_of(cast.owner), task.pk, "perhaps")
    assert [error.pointer for error in refusal.value.errors] == ["/status"]
