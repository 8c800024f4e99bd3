"""undo_event: every kind that can be undone, what stands in the way, and who may."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from baton.core.actor import Actor
from baton.core.commands.comments import add_comment, delete_comment, edit_comment
from baton.core.commands.members import change_role, remove_member
from baton.core.commands.projects import edit_project, trash_project
from baton.core.commands.task_assignment import assign_task
from baton.core.commands.task_delegation import delegate_task
from baton.core.commands.task_status import change_status
from baton.core.commands.task_watching import watch_task
from baton.core.commands.tasks import edit_task, trash_task
from baton.core.commands.undo import undo_event
from baton.core.errors import Conflict, Denied, NotFound
from baton.core.models import Comment, Event, Task
from tests.cast import Cast
from tests.core.commands.scenarios import make_full_task
from tests.factories import actor_of, make_task
from tests.traces import nothing_changes, snapshot

# What a change touches even where all is as before: counters of changes, times, and the words that labels were.
UNTOLD_COLUMNS = {"version", "updated_at", "edited_at"}
UNTOLD_TABLES = {"Event", "Tally", "Label", "TaskLabel", "Member", "Watcher", "Assignment"}


def _last() -> Event:
    return Event.objects.latest("pk")


def _state() -> object:
    """Return every row, without what counts changes and without ids that rows get anew."""
    rows = {
        name: [
            # When something was trashed again is another time.
            {column: bool(value) if column == "trashed_at" else value for column, value in row.items()}
            for row in ({column: row[column] for column in row.keys() - UNTOLD_COLUMNS} for row in found)
        ]
        for name, found in snapshot().items()
        if name not in UNTOLD_TABLES
    }
    links = {
        "labels": sorted(Task.objects.values_list("pk", "task_labels__label__name")),
        "assignees": sorted(Task.objects.values_list("pk", "assignments__user", "assignments__position")),
        "watchers": sorted(Task.objects.values_list("pk", "watchers__user"), key=str),
        "members": sorted(Task.objects.values_list("project__members__user", "project__members__role").distinct()),
    }
    return rows, links


Act = Callable[[Actor, Task], object]
CHANGES: dict[str, Act] = {
    "words": lambda actor, task: edit_task(actor, task.pk, {"title": "Ferns", "description": "", "priority": 1}),
    "date": lambda actor, task: edit_task(actor, task.pk, {"due_at": None}),
    "parent": lambda actor, task: edit_task(actor, task.pk, {"parent_id": None}),
    "labels": lambda actor, task: edit_task(actor, task.pk, {"labels": ["weekly"]}),
    "status": lambda actor, task: change_status(actor, task.pk, "review"),
    "trashed": lambda actor, task: trash_task(actor, task.pk),
    "watched": lambda actor, task: watch_task(actor, task.pk),
    "comment": lambda actor, task: add_comment(actor, task.pk, "Indeed."),
    "comment edited": lambda actor, task: edit_comment(actor, Comment.objects.get(task=task).pk, "It leaks."),
    "comment deleted": lambda actor, task: delete_comment(actor, Comment.objects.get(task=task).pk),
    "project": lambda actor, task: edit_project(actor, task.project_id, {"name": "New", "description": "More."}),
    "project trashed": lambda actor, task: trash_project(actor, task.project_id),
}


@pytest.mark.parametrize("name", CHANGES)
def test_undoing_gives_the_old_state_and_redoing_the_new(cast: Cast, name: str) -> None:
    task, owner = make_full_task(cast), actor_of(cast.owner)
    old = _state()
    CHANGES[name](owner, task)
    event, new = _last(), _state()
    assert new != old
    undone = undo_event(owner, event.pk)
    assert _state() == old
    assert undone.data["undoes"] == event.pk
    assert undone.actor == cast.owner
    with nothing_changes(), pytest.raises((Conflict, NotFound)):
        undo_event(owner, event.pk)
    undo_event(owner, undone.pk)
    assert _state() == new


def test_assignment_is_undone(cast: Cast) -> None:
    task, owner = make_task(cast.owner, cast.project, assignees=[cast.editor.pk, cast.viewer.pk]), actor_of(cast.owner)
    assign_task(owner, task.pk, [cast.newcomer.pk])
    undo_event(owner, _last().pk)
    task.refresh_from_db()
    assert (task.lead, task.assignees_count) == (cast.editor, 2)


def test_members_are_put_back(cast: Cast) -> None:
    owner = actor_of(cast.owner)
    change_role(owner, cast.project.pk, cast.editor.pk, "viewer")
    undo_event(owner, _last().pk)
    remove_member(owner, cast.project.pk, cast.viewer.pk)
    undo_event(owner, Event.objects.filter(verb="member.removed").latest("pk").pk)
    roles = dict(cast.project.members.values_list("user__username", "role"))
    assert roles == {"olga": "owner", "edgar": "editor", "vera": "viewer", "nina": "editor"}


def test_a_later_change_stands_in_the_way(cast: Cast) -> None:
    task, owner = make_task(cast.owner, cast.project), actor_of(cast.owner)
    created = _last()
    edit_task(owner, task.pk, {"title": "Ferns"})
    edited = _last()
    edit_task(owner, task.pk, {"title": "Palms"})
    with nothing_changes():
        with pytest.raises(Conflict, match="title has been changed since"):
            undo_event(owner, edited.pk)
        with pytest.raises(Conflict, match="task has been changed since"):
            undo_event(owner, created.pk)


def test_an_untouched_task_is_uncreated(cast: Cast) -> None:
    task, owner = make_task(cast.owner, cast.project), actor_of(cast.owner)
    assert undo_event(owner, _last().pk).verb == "task.trashed"
    task.refresh_from_db()
    assert task.trashed_at is not None


def test_rights_are_those_of_the_reverse_change(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    edit_task(actor_of(cast.editor), task.pk, {"title": "Ferns"})
    edited = _last()
    edit_project(actor_of(cast.owner), cast.project.pk, {"name": "New"})
    renamed = _last()
    with nothing_changes():
        with pytest.raises(Denied):
            undo_event(actor_of(cast.viewer), edited.pk)
        with pytest.raises(Denied):
            undo_event(actor_of(cast.editor), renamed.pk)
        with pytest.raises(NotFound):
            undo_event(actor_of(cast.outsider), edited.pk)


def test_what_has_no_way_back_says_so(cast: Cast) -> None:
    task, owner = make_task(cast.owner, cast.project), actor_of(cast.owner)
    delegate_task(owner, task.pk, cast.editor.pk)
    with nothing_changes(), pytest.raises(Conflict) as refused:
        undo_event(owner, _last().pk)
    assert refused.value.code == "not_undoable"
