"""trash_task: works · twice · denied · invisible · event recorded · stale."""

from __future__ import annotations

import pytest

from baton.core.commands.task_status import change_status
from baton.core.commands.tasks import trash_task
from baton.core.errors import Denied, NotFound, Stale
from baton.core.queries.tasks import get_task
from tests.cast import Cast
from tests.factories import actor_of, make_task
from tests.traces import last_event, nothing_changes


def test_works_once(cast: Cast) -> None:
    task, editor = make_task(cast.owner, cast.project), actor_of(cast.editor)
    trashed = trash_task(editor, task.pk, expected_version=1)
    assert trashed.trashed_at is not None
    assert trashed.version == 2
    cast.project.refresh_from_db()
    assert (cast.project.tasks_count, cast.project.last_number) == (0, 1)
    event = last_event(task)
    assert (event.verb, event.actor, event.changes) == ("task.trashed", cast.editor, {})
    with nothing_changes():
        with pytest.raises(NotFound):
            trash_task(editor, task.pk)
        with pytest.raises(NotFound):
            change_status(editor, task.pk, "done")
        with pytest.raises(NotFound):
            get_task(editor, task.pk)


def test_denied_and_invisible_and_stale(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project, assigned_to=cast.viewer.pk)
    with nothing_changes():
        with pytest.raises(Denied):
            trash_task(actor_of(cast.viewer), task.pk)
        with pytest.raises(NotFound):
            trash_task(actor_of(cast.outsider), task.pk)
        with pytest.raises(Stale):
            trash_task(actor_of(cast.owner), task.pk, expected_version=2)
