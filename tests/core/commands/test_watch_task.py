"""watch_task and unwatch_task: works · twice · invisible · event recorded."""

from __future__ import annotations

import pytest

from baton.core.commands.task_watching import unwatch_task, watch_task
from baton.core.errors import NotFound
from tests.cast import Cast
from tests.factories import actor_of, make_task
from tests.traces import nothing_changes, verbs_of


def test_works_and_twice_is_once(cast: Cast) -> None:
    task, viewer = make_task(cast.owner, cast.project), actor_of(cast.viewer)
    watch_task(viewer, task.pk)
    with nothing_changes():
        watch_task(viewer, task.pk)
        unwatch_task(actor_of(cast.editor), task.pk)
    watch_task(actor_of(cast.editor), task.pk)
    assert set(task.watchers.values_list("user", flat=True)) == {cast.viewer.pk, cast.editor.pk}
    unwatch_task(viewer, task.pk)
    assert list(task.watchers.values_list("user", flat=True)) == [cast.editor.pk]
    assert verbs_of(task) == ["task.created", "task.watched", "task.watched", "task.unwatched"]


def test_invisible(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    with nothing_changes():
        for command in (watch_task, unwatch_task):
            with pytest.raises(NotFound):
                command(actor_of(cast.outsider), task.pk)
