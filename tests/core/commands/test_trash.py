"""restore_task, restore_project, purge_trash: works · twice · denied · invisible · event recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from baton.core.commands.comments import add_comment
from baton.core.commands.projects import trash_project
from baton.core.commands.tasks import trash_task
from baton.core.commands.trash import has_purgeable, purge_trash, restore_project, restore_task
from baton.core.errors import Conflict, Denied, NotFound
from baton.core.models import Event, Project, Task
from baton.core.queries.tasks import get_task
from tests.cast import Cast
from tests.factories import actor_of, make_task
from tests.traces import last_event, nothing_changes, verbs_of


def test_a_task_comes_back_as_it_was(cast: Cast) -> None:
    editor = actor_of(cast.editor)
    task = make_task(cast.owner, cast.project, labels=["garden"], assignees=[cast.editor.pk, cast.viewer.pk])
    before = get_task(editor, task.pk)
    trash_task(editor, task.pk)
    restore_task(editor, task.pk)
    after = get_task(editor, task.pk)
    assert after.version == before.version + 2
    after.version, after.updated_at = before.version, before.updated_at
    assert after == before
    cast.project.refresh_from_db()
    assert cast.project.tasks_count == 1
    assert (last_event(task).verb, last_event(task).actor) == ("task.restored", cast.editor)
    with nothing_changes(), pytest.raises(NotFound):
        restore_task(editor, task.pk)


def test_a_task_is_restored_by_those_who_may_trash_it(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    trash_task(actor_of(cast.owner), task.pk)
    with nothing_changes():
        with pytest.raises(Denied):
            restore_task(actor_of(cast.viewer), task.pk)
        with pytest.raises(NotFound):
            restore_task(actor_of(cast.outsider), task.pk)


def test_a_task_waits_for_its_project(cast: Cast) -> None:
    owner, task = actor_of(cast.owner), make_task(cast.owner, cast.project)
    trash_task(owner, task.pk)
    trash_project(owner, cast.project.pk)
    with nothing_changes(), pytest.raises(Conflict, match="in the trash"):
        restore_task(owner, task.pk)
    restore_project(owner, cast.project.pk)
    restore_task(owner, task.pk)
    assert get_task(owner, task.pk).title == task.title


def test_a_project_comes_back_with_its_tasks(cast: Cast) -> None:
    owner, task = actor_of(cast.owner), make_task(cast.owner, cast.project)
    trash_project(owner, cast.project.pk)
    with nothing_changes():
        for stranger in (cast.editor, cast.viewer):
            with pytest.raises(Denied):
                restore_project(actor_of(stranger), cast.project.pk)
        with pytest.raises(NotFound):
            restore_project(actor_of(cast.outsider), cast.project.pk)
    restore_project(owner, cast.project.pk)
    assert get_task(actor_of(cast.viewer), task.pk).title == task.title
    event = Event.objects.filter(project=cast.project).latest("pk")
    assert (event.verb, event.actor) == ("project.restored", cast.owner)
    with nothing_changes(), pytest.raises(NotFound):
        restore_project(owner, cast.project.pk)


def test_only_what_has_lain_long_enough_is_purged(cast: Cast) -> None:
    owner = actor_of(cast.owner)
    old, young, kept = (make_task(cast.owner, cast.project, title) for title in ("old", "young", "kept"))
    add_comment(owner, old.pk, "Gone soon.")
    for task in (old, young):
        trash_task(owner, task.pk)
    Task.objects.filter(pk=old.pk).update(trashed_at=timezone.now() - timedelta(days=31))
    before = timezone.now() - timedelta(days=30)
    assert has_purgeable(before)
    assert purge_trash(before) > 0
    assert not has_purgeable(before)
    assert set(Task.objects.values_list("title", flat=True)) == {"young", "kept"}
    assert get_task(owner, kept.pk).title == "kept"
    # The history outlives the task.
    assert verbs_of(old) == ["task.created", "comment.added", "task.trashed", "task.purged"]
    assert last_event(old).actor is None


def test_a_purged_project_takes_everything_along(cast: Cast) -> None:
    make_task(cast.owner, cast.project, labels=["garden"], assigned_to=cast.editor.pk)
    trash_project(actor_of(cast.owner), cast.project.pk)
    purge_trash(timezone.now() + timedelta(seconds=1))
    assert not Project.objects.filter(pk=cast.project.pk).exists()
    assert not Task.objects.exists()
    assert Event.objects.filter(project=cast.project.pk).latest("pk").verb == "project.purged"
