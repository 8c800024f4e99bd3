"""Which event tells whom what, with real rows: each row of the table, and who never hears of anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from baton.adapters.staging import Staging
from baton.core.actor import Actor
from baton.core.commands import comments, members, task_delegation, task_moves, task_status, task_watching, tasks, undo
from baton.core.commands.account_upkeep import deactivate_user
from baton.core.commands.attachments import add_attachment, remove_attachment
from baton.core.commands.projects import trash_project
from baton.core.commands.task_assignment import assign_task
from baton.core.commands.task_creation import create_task
from baton.core.commands.task_moves import Place
from baton.core.commands.trash import restore_task
from baton.core.events.catalogue import CATALOGUE
from baton.core.models import Attachment, Delegation, Event, Notification, Role, Task
from baton.core.models.notification import Kind
from baton.core.policies.audience import MOST_PERSONAL_FIRST, RULES
from tests.cast import Cast
from tests.factories import actor_of, add_member, make_project, make_task
from tests.told import Log, set_mode, told

pytestmark = pytest.mark.django_db

UNTOLD = {
    "comment.deleted",
    "comment.restored",
    "task.left",
    "task.purged",
    "task.watched",
    "task.unwatched",
    "attachment.purged",
    "history.imported",
    "file.removed",
    "file.shared",
    "calendar.feed_opened",
    "calendar.feed_closed",
    "dialect.token_issued",
    "dialect.token_revoked",
    "member.role_changed",
    "member.removed",
}
UNTOLD_NOUNS = ("project", "user", "token", "session", "webhook", "report", "delivery")


def test_every_event_tells_somebody_or_is_known_not_to() -> None:
    told = {fact.verb for fact in RULES}
    silent = {verb for verb in CATALOGUE if verb in UNTOLD or verb.partition(".")[0] in UNTOLD_NOUNS}
    assert told | silent == set(CATALOGUE), "say in audience.RULES whom a new event tells what, or here that it doesn't"
    assert not told & silent


def test_every_kind_has_its_weight() -> None:
    by_the_clock = {Kind.DUE_SOON, Kind.OVERDUE}
    assert set(MOST_PERSONAL_FIRST) == set(Kind) - by_the_clock
    assert {kind for rules in RULES.values() for kind, _ in rules} == set(MOST_PERSONAL_FIRST)


def full_task(cast: Cast) -> Task:
    """Return a task of the owner's that the editor works on and the viewer watches."""
    task = make_task(cast.owner, cast.project, assigned_to=cast.editor.pk, description="Ask @edgar.")
    task_watching.watch_task(actor_of(cast.viewer), task.pk)
    return task


def _hand_on(cast: Cast, task: Task) -> Delegation:
    return task_delegation.delegate_task(actor_of(cast.editor), task.pk, cast.newcomer.pk)


def _answer(state: str) -> Callable[[Cast, Task, Log], object]:
    def answer(cast: Cast, task: Task, log: Log) -> object:
        delegation = _hand_on(cast, task)
        log.skip()
        return task_delegation.answer_delegation(actor_of(cast.newcomer), delegation.pk, state)

    return answer


def _attach(cast: Cast, task: Task, log: Log) -> Attachment:
    staging = Staging.of(b"Hello")
    try:
        return add_attachment(actor_of(cast.owner), task.pk, staging, "notes.txt")
    finally:
        staging.discard()


def _remove_attachment(cast: Cast, task: Task, log: Log) -> None:
    attachment = _attach(cast, task, log)
    log.skip()
    remove_attachment(actor_of(cast.owner), attachment.pk)


def _trash_and_restore(cast: Cast, task: Task, log: Log) -> object:
    tasks.trash_task(actor_of(cast.owner), task.pk)
    log.skip()
    return restore_task(actor_of(cast.owner), task.pk)


def _move_away(cast: Cast, task: Task, log: Log) -> object:
    """Into a project of the owner's where of those involved only the viewer belongs."""
    elsewhere = make_project(cast.owner, "Elsewhere")
    add_member(elsewhere, cast.viewer, Role.VIEWER)
    log.skip()
    return tasks.edit_task(actor_of(cast.owner), task.pk, {"project_id": elsewhere.pk})


def _move_up(cast: Cast, task: Task, log: Log) -> object:
    other = make_task(cast.owner, cast.project)
    log.skip()
    return task_moves.move_task(actor_of(cast.owner), task.pk, Place(after_id=other.pk))


def _edit_mention(cast: Cast, task: Task, log: Log) -> object:
    text = "Ask @edgar. And @nina, @vera@example.org, x@olga, @otto, @nobody!"
    return tasks.edit_task(actor_of(cast.owner), task.pk, {"description": text})


def _comment_then_edit(cast: Cast, task: Task, log: Log) -> object:
    comment = comments.add_comment(actor_of(cast.owner), task.pk, "@vera look")
    log.skip()
    return comments.edit_comment(actor_of(cast.owner), comment.pk, "@vera and @Nina look")


def _delete_comment(cast: Cast, task: Task, log: Log) -> None:
    comment = comments.add_comment(actor_of(cast.owner), task.pk, "Look")
    log.skip()
    comments.delete_comment(actor_of(cast.owner), comment.pk)


INVOLVED = {("edgar", "task_changed"), ("vera", "task_changed")}
"""Those besides the owner."""

CASES: dict[str, tuple[Callable[[Cast, Task, Log], object], set[tuple[str, str]]]] = {
    "created and assigned": (
        lambda cast, _task, _log: make_task(cast.owner, cast.project, assignees=[cast.editor.pk, cast.newcomer.pk]),
        {("edgar", "task_assigned"), ("nina", "task_assigned")},
    ),
    "created for nobody": (lambda cast, _task, _log: make_task(cast.owner, cast.project), set()),
    "created with a mention": (
        lambda cast, _task, _log: make_task(cast.owner, cast.project, description="(@VERA?) @otto"),
        {("vera", "mentioned")},
    ),
    "edited": (lambda cast, task, _log: tasks.edit_task(actor_of(cast.owner), task.pk, {"title": "New"}), INVOLVED),
    "edited by an assignee": (
        lambda cast, task, _log: tasks.edit_task(actor_of(cast.editor), task.pk, {"title": "New"}),
        {("olga", "task_changed"), ("vera", "task_changed")},
    ),
    "mentioned for the first time": (_edit_mention, INVOLVED | {("nina", "mentioned")}),
    "moved along": (
        lambda cast, task, _log: task_status.change_status(actor_of(cast.owner), task.pk, "done"),
        INVOLVED,
    ),
    "assigned": (
        lambda cast, task, _log: assign_task(actor_of(cast.owner), task.pk, [cast.newcomer.pk]),
        # Who worked on it hears that they don't any more.
        {("nina", "task_assigned"), ("edgar", "task_changed"), ("vera", "task_changed")},
    ),
    "several fields at once": (
        lambda cast, task, _log: tasks.edit_task(
            actor_of(cast.owner),
            task.pk,
            {"title": "New", "status": "review", "assignees": [cast.newcomer.pk, cast.editor.pk]},
        ),
        {("nina", "task_assigned"), ("edgar", "task_changed"), ("vera", "task_changed")},
    ),
    "sorted otherwise": (_move_up, set()),
    "moved to another project": (_move_away, {("vera", "task_changed")}),
    "trashed": (lambda cast, task, _log: tasks.trash_task(actor_of(cast.owner), task.pk), INVOLVED),
    "restored": (_trash_and_restore, INVOLVED),
    "delegated": (
        lambda cast, task, _log: _hand_on(cast, task),
        {("nina", "task_delegated"), ("olga", "task_changed"), ("vera", "task_changed")},
    ),
    "accepted": (_answer("accepted"), {("edgar", "task_changed")}),
    "declined": (
        _answer("declined"),
        {("edgar", "task_handed_back"), ("olga", "task_changed"), ("vera", "task_changed")},
    ),
    "returned": (
        _answer("returned"),
        {("edgar", "task_handed_back"), ("olga", "task_changed"), ("vera", "task_changed")},
    ),
    "commented": (
        lambda cast, task, _log: comments.add_comment(actor_of(cast.editor), task.pk, "Done, @vera and @edgar"),
        {("olga", "task_commented"), ("vera", "mentioned")},
    ),
    "comment edited": (_comment_then_edit, {("nina", "mentioned")}),
    "comment deleted": (_delete_comment, set()),
    "watched": (lambda cast, task, _log: task_watching.watch_task(actor_of(cast.newcomer), task.pk), set()),
    "attached": (_attach, INVOLVED),
    "attachment removed": (_remove_attachment, INVOLVED),
    "made a member": (
        lambda cast, _task, _log: members.add_member(actor_of(cast.owner), cast.project.pk, cast.outsider.pk),
        {("otto", "invited")},
    ),
    "member's role changed": (
        lambda cast, _task, _log: members.change_role(
            actor_of(cast.owner), cast.project.pk, cast.viewer.pk, Role.EDITOR
        ),
        set(),
    ),
    # Undone is one change more, and tells of itself.
    "undone": (
        lambda cast, task, _log: undo.undo_event(
            actor_of(cast.owner),
            _then_skip(_log, task_status.change_status(actor_of(cast.owner), task.pk, "done")),
        ),
        INVOLVED,
    ),
}


def _then_skip(log: Log, _done: object) -> int:
    log.skip()
    return Event.objects.latest("pk").pk


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("name", CASES)
def test_whom_it_tells_what(cast: Cast, name: str) -> None:
    act, expected = CASES[name]
    task = full_task(cast)
    log = Log()
    act(cast, task, log)
    log.tell()
    assert told() == expected
    assert Notification.objects.count() == len(expected), "one change is told once"


def test_of_new_tasks_hear_the_members_who_asked(cast: Cast) -> None:
    elsewhere = make_project(cast.owner, "Open", visibility="open")
    set_mode(cast.editor, "task_created", "at_once", cast.project)
    set_mode(cast.viewer, "task_created", "daily")
    set_mode(cast.outsider, "task_created", "at_once")  # sees the open project, but belongs to none
    set_mode(cast.newcomer, "task_created", "at_once")
    set_mode(cast.newcomer, "task_created", "off", cast.project)
    set_mode(cast.owner, "task_created", "at_once")
    log = Log()
    make_task(cast.owner, cast.project)
    make_task(cast.owner, elsewhere)
    log.tell()
    assert told() == {("edgar", "task_created"), ("vera", "task_created")}


def test_nobody_is_told_who_is_inactive(cast: Cast) -> None:
    task = full_task(cast)
    deactivate_user(Actor(None, surface="system"), cast.viewer.pk)
    log = Log()
    tasks.edit_task(actor_of(cast.owner), task.pk, {"title": "New"})
    log.tell()
    assert told() == {("edgar", "task_changed")}


def test_nobody_is_told_who_has_left_meanwhile(cast: Cast) -> None:
    task = full_task(cast)
    log = Log()
    tasks.edit_task(actor_of(cast.owner), task.pk, {"title": "New"})
    comments.add_comment(actor_of(cast.owner), task.pk, "@nina @vera")
    members.remove_member(actor_of(cast.viewer), cast.project.pk, cast.viewer.pk)
    log.tell()
    assert told() == {("edgar", "task_changed"), ("edgar", "task_commented"), ("nina", "mentioned")}


def test_nobody_is_told_of_what_is_in_the_trash_but_that_it_went_there(cast: Cast) -> None:
    task = full_task(cast)
    log = Log()
    comments.add_comment(actor_of(cast.owner), task.pk, "Look")
    tasks.trash_task(actor_of(cast.owner), task.pk)
    log.tell()
    assert told() == INVOLVED

    trash_project(actor_of(cast.owner), cast.project.pk)
    members_of = Log()
    log.tell()
    members_of.tell()
    assert told() == INVOLVED


def test_an_import_tells_nobody(cast: Cast) -> None:
    log = Log()
    imports = replace(actor_of(cast.owner), surface="import")
    create_task(imports, cast.project.pk, {"title": "Old", "assigned_to": cast.editor.pk})
    log.tell()
    assert told() == set()
