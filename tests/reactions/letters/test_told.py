"""What a notification tells its reader, and whether it still may, at the moment its letter is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from baton.adapters.mail import Letter
from baton.core.commands.comments import add_comment, delete_comment, edit_comment
from baton.core.commands.members import remove_member
from baton.core.commands.projects import trash_project
from baton.core.commands.task_assignment import assign_task
from baton.core.commands.task_delegation import answer_delegation, delegate_task
from baton.core.commands.task_status import change_status
from baton.core.commands.tasks import edit_task, trash_task
from baton.core.models import Delivery, Event, Notification, Role, Task, User
from baton.core.models.notification import Kind, Mode
from baton.reactions.letters.composing import Unsent, compose
from baton.reactions.letters.told import COMMENT_GONE, NOT_DUE, NOT_THEIRS, NOTHING, OFF_BY_NOW, UNSEEN
from tests.cast import Cast
from tests.factories import actor_of, add_member, make_project, make_task
from tests.reactions.letters.notices import DUE, make_digest, tell_at_once, write
from tests.reactions.letters.posted import post, the_answer_for, the_letter_to
from tests.told import Log, set_mode

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def test_a_comment_is_quoted_as_it_is_now(cast: Cast, task: Task) -> None:
    log = Log()
    comment = add_comment(actor_of(cast.owner), task.pk, "**Now** <b>please</b>\n\n- soon")
    log.tell()
    assert "Olga Petrova commented:" in the_letter_to(cast.editor).text
    assert "\n> **Now** <b>please</b>\n> \n> - soon\n" in the_letter_to(cast.editor).text
    edit_comment(actor_of(cast.owner), comment.pk, "Never mind")
    assert "\n> Never mind\n" in the_letter_to(cast.editor).text
    delete_comment(actor_of(cast.owner), comment.pk)
    assert the_answer_for(cast.editor) == COMMENT_GONE


def test_a_long_comment_is_cut(cast: Cast, task: Task) -> None:
    log = Log()
    add_comment(actor_of(cast.owner), task.pk, "long " * 5000)
    log.tell()
    letter = the_letter_to(cast.editor)
    assert len(letter.text) < 3000
    assert "…" in letter.text


def test_changes_are_told_in_words(cast: Cast, task: Task) -> None:
    parent = make_task(cast.owner, cast.project, "Garden")
    set_mode(cast.editor, Kind.CHANGED, Mode.AT_ONCE)
    log = Log()
    fields: Any = {
        "title": "Water them",
        "status": "in_progress",
        "priority": 3,
        "due_at": DUE + timedelta(days=1),
        "labels": ["a", "b"],
        "parent_id": parent.pk,
        "description": "Only the ferns.",
        "assignees": [cast.viewer.pk, cast.editor.pk],
    }
    edit_task(actor_of(cast.owner), task.pk, fields)
    log.tell()
    text = the_letter_to(cast.editor).text
    for line in (
        "Olga Petrova changed the task.",
        "Title: Water the plants → Water them",
        "Status: To do → In progress",
        "Priority: Medium → High",
        "Due: 22 Nov. 2026, 09:00 → 23 Nov. 2026, 09:00",
        "Labels: a, b",
        f"Parent task: {cast.project.key}-{parent.number}",
        "Description: Only the ferns.",
        "People: edgar → vera, edgar",
    ):
        assert f"{line}\n" in text
    assert "Lead" not in text
    assert "completed" not in text


def test_one_verb_speaks_for_itself(cast: Cast, task: Task) -> None:
    set_mode(cast.editor, Kind.CHANGED, Mode.AT_ONCE)
    log = Log()
    change_status(actor_of(cast.owner), task.pk, "done")
    log.tell()
    letter = the_letter_to(cast.editor)
    assert letter.text.startswith("Olga Petrova moved the task along.\n")
    assert "Status: To do → Done" in letter.text


def test_who_is_handed_a_task_reads_why(cast: Cast, task: Task) -> None:
    log = Log()
    delegation = delegate_task(actor_of(cast.editor), task.pk, cast.viewer.pk, "I am away.")
    log.tell()
    letter = the_letter_to(cast.viewer)
    assert "edgar hands this task to you." in letter.text
    assert "> I am away." in letter.text
    Delivery.objects.all().delete()
    answer_delegation(actor_of(cast.viewer), delegation.pk, "declined", "So am I.")
    log.tell()
    back = the_letter_to(cast.editor)
    assert "vera declined the task." in back.text
    assert "> So am I." in back.text


def test_that_a_task_went_into_the_trash_is_told(cast: Cast, task: Task) -> None:
    set_mode(cast.editor, Kind.CHANGED, Mode.AT_ONCE)
    log = Log()
    trash_task(actor_of(cast.owner), task.pk)
    log.tell()
    assert "Olga Petrova put the task into the trash." in the_letter_to(cast.editor).text


def test_a_digest_leaves_out_what_is_not_seen_any_more(cast: Cast, task: Task) -> None:
    other = make_project(cast.owner, "Garden")
    add_member(other, cast.editor, Role.EDITOR)
    roses = make_task(cast.owner, other, "Cut the roses", assignees=[cast.editor.pk])
    digest = make_digest(cast, task, roses, Mode.DAILY)
    remove_member(actor_of(cast.owner), other.pk, cast.editor.pk)
    letter = write(digest)
    assert "roses" not in letter.text + letter.html
    assert letter.subject.endswith("2 things in 1 task")
    trash_project(actor_of(cast.owner), cast.project.pk)
    assert compose(digest) == UNSEEN


def left_the_project(cast: Cast, task: Task) -> None:
    remove_member(actor_of(cast.owner), cast.project.pk, cast.editor.pk)


def moved_out_of_sight(cast: Cast, task: Task) -> None:
    edit_task(actor_of(cast.owner), task.pk, {"project_id": make_project(cast.owner, "Secret").pk, "assignees": []})


def into_the_trash(cast: Cast, task: Task) -> None:
    trash_task(actor_of(cast.owner), task.pk)


def account_closed(cast: Cast, task: Task) -> None:
    User.objects.filter(pk=cast.editor.pk).update(is_active=False)


def address_gone(cast: Cast, task: Task) -> None:
    User.objects.filter(pk=cast.editor.pk).update(email=None, email_folded=None)


@pytest.mark.parametrize(
    "meanwhile", [left_the_project, moved_out_of_sight, into_the_trash, account_closed, address_gone]
)
@pytest.mark.parametrize("kind", [Kind.ASSIGNED, Kind.COMMENTED, Kind.DUE_SOON])
def test_nobody_is_told_who_may_not_be(
    cast: Cast, task: Task, kind: Kind, meanwhile: Callable[[Cast, Task], None]
) -> None:
    delivery = tell_at_once(cast.editor, kind, task, actor=cast.owner)
    write(delivery)
    meanwhile(cast, task)
    answer = compose(delivery)
    assert isinstance(answer, Unsent)
    assert answer.reason.endswith(".")
    assert post() == []


@pytest.mark.parametrize("kind", [Kind.DUE_SOON, Kind.OVERDUE])
def test_a_reminder_of_another_date_is_not_sent(cast: Cast, task: Task, kind: Kind) -> None:
    reminder = tell_at_once(cast.editor, kind, task)
    assert isinstance(compose(reminder), Letter)
    Task.objects.filter(pk=task.pk).update(due_at=DUE + timedelta(days=30))
    assert compose(reminder) == NOT_DUE


def test_what_is_in_review_is_overdue_but_not_due_soon(cast: Cast, task: Task) -> None:
    soon, overdue = tell_at_once(cast.editor, Kind.DUE_SOON, task), tell_at_once(cast.editor, Kind.OVERDUE, task)
    change_status(actor_of(cast.owner), task.pk, "review")
    assert compose(soon) == NOT_DUE
    assert isinstance(compose(overdue), Letter)


def test_what_was_switched_off_meanwhile_is_not_sent(cast: Cast, task: Task) -> None:
    waiting = tell_at_once(cast.editor, Kind.COMMENTED, task)
    set_mode(cast.editor, Kind.COMMENTED, Mode.OFF)
    assert compose(waiting) == OFF_BY_NOW
    set_mode(cast.editor, Kind.COMMENTED, Mode.AT_ONCE, cast.project)
    assert isinstance(compose(waiting), Letter)


def test_what_holds_no_more_is_not_told(cast: Cast, task: Task) -> None:
    assigned, due = tell_at_once(cast.editor, Kind.ASSIGNED, task), tell_at_once(cast.editor, Kind.DUE_SOON, task)
    change_status(actor_of(cast.owner), task.pk, "done")
    assert compose(due) == NOT_DUE
    assign_task(actor_of(cast.owner), task.pk, [])
    assert compose(assigned) == NOT_THEIRS
    Notification.objects.all().delete()
    assert compose(assigned) == NOTHING


def test_where_a_task_went_is_no_news_to_who_does_not_see_it(cast: Cast, task: Task) -> None:
    hidden = make_project(cast.owner, "Secret plans")
    elsewhere = make_task(cast.owner, hidden, "Hidden parent")
    set_mode(cast.editor, Kind.CHANGED, Mode.AT_ONCE)
    log = Log()
    edit_task(actor_of(cast.owner), task.pk, {"title": "Ferns"})
    event = Event.objects.get(verb="task.edited")
    event.changes |= {"parent": [None, elsewhere.pk], "project": [hidden.pk, task.project_id]}
    event.save()
    log.tell()
    text = the_letter_to(cast.editor).text
    assert "Parent task: another task" in text
    assert "Project: another project → Operations" in text


@pytest.mark.parametrize(
    "changes",
    [
        [],
        None,
        7,
        {"title": 7},
        {"title": []},
        {"title": ["a"]},
        {"title": [{"a": [1]}, [None, [2]]]},
        {"status": [["todo"], {"x": 1}]},
        {"status": ["long gone", "another"]},
        {"priority": [9, True]},
        {"assignees": ["x", [10**30, -1, None, "y"]]},
        {"due_date": ["soon", "9999-12-31T23:59:59.999999+00:00"]},
        {"due_date": ["0001-01-01T00:00:00+00:00", "2026-11-22T09:00:00"]},
        {"parent": [True, 2**70]},
        {"labels": [[["deep"]], {"a": "b"}]},
        {"unheard_of": [1, 2]},
    ],
)
@pytest.mark.parametrize("data", [{}, [], None, {"comment": "x"}, {"comment": 2**70, "note": 7}])
def test_an_odd_event_does_no_harm(cast: Cast, task: Task, changes: object, data: object) -> None:
    User.objects.filter(pk=cast.editor.pk).update(timezone="Nowhere/Land")
    delivery = tell_at_once(cast.editor, Kind.CHANGED, task)
    event = Event.objects.create(
        verb="task.of_old", project=cast.project, task=task, at=timezone.now(), surface="api", changes={}, data={}
    )
    if changes is not None and data is not None:
        Event.objects.filter(pk=event.pk).update(changes=changes, data=data)
    Notification.objects.update(event=event)
    letter = write(delivery)
    assert "Baton changed the task." in letter.text
    assert letter.html
