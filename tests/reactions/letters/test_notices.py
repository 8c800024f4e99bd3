"""What each letter about a notification says, to whom it still may, at the moment it is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from baton.adapters.mail import Letter
from baton.core.commands.comments import add_comment, delete_comment, edit_comment
from baton.core.commands.mail_queue import LetterOrder, queue_letters
from baton.core.commands.members import add_member as invite_member
from baton.core.commands.members import remove_member
from baton.core.commands.projects import trash_project
from baton.core.commands.reminders import REMINDED_IN, occasion_of
from baton.core.commands.task_assignment import assign_task
from baton.core.commands.task_delegation import answer_delegation, delegate_task
from baton.core.commands.task_status import change_status
from baton.core.commands.tasks import edit_task, trash_task
from baton.core.models import Delivery, Event, Notification, Project, Role, Task, User
from baton.core.models.delivery import Pace
from baton.core.models.notification import Kind, Mode
from baton.reactions.letters.composing import Later, Unsent, compose
from baton.reactions.letters.rendering import LONGEST_SUBJECT
from baton.reactions.letters.told import COMMENT_GONE, NOT_DUE, NOT_THEIRS, NOTHING, OFF_BY_NOW, UNSEEN
from tests.cast import Cast
from tests.factories import actor_of, add_member, make_project, make_task
from tests.reactions.letters.posted import letters_to, post, strict_templates, text_of, the_answer_for, the_letter_to
from tests.told import Log, set_hours, set_mode

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
DUE = datetime(2026, 11, 22, 9, tzinfo=UTC)
HOSTILE = '<script>alert(1)</script> & "x" {{ settings.SECRET_KEY }}'


@pytest.fixture(autouse=True)
def strict() -> Iterator[None]:
    with strict_templates():
        yield


@pytest.fixture
def task(cast: Cast) -> Task:
    User.objects.filter(pk=cast.owner.pk).update(name="Olga Petrova")
    return make_task(cast.owner, cast.project, assignees=[cast.editor.pk], due_at=DUE, description="All of them.")


def tell_at_once(user: User, kind: Kind, task: Task | None = None, **fields: Any) -> Delivery:
    """Tell somebody something by a letter of their own, and return it."""
    project_id = task.project_id if task else fields.pop("project_id")
    occasion = f"{kind}:{task.pk if task else project_id}"
    if kind in REMINDED_IN and task is not None and task.due_at is not None:
        occasion = occasion_of(kind, task.pk, task.due_at)
    order = LetterOrder(kind, user.pk, occasion, None, project_id, task.pk if task else None)
    (delivery_id,) = queue_letters([order]).values()
    Notification.objects.create(
        user=user,
        kind=kind,
        occasion=occasion,
        project_id=project_id,
        task=task,
        created_at=timezone.now(),
        mode=Mode.AT_ONCE,
        delivery_id=delivery_id,
        **fields,
    )
    return Delivery.objects.get(pk=delivery_id)


def write(delivery: Delivery) -> Letter:
    letter = compose(delivery)
    assert isinstance(letter, Letter), letter
    return letter


def speak_russian(user: User) -> None:
    User.objects.filter(pk=user.pk).update(language="ru", timezone="Europe/Moscow")


def test_an_assignment_is_the_contracts_letter(cast: Cast) -> None:
    log = Log()
    make_task(cast.owner, cast.project, "Water", assignees=[cast.editor.pk], due_at=DUE)
    log.tell()
    letter = the_letter_to(cast.editor)
    assert letter.subject == "Task Assigned: Water"
    assert letter.text == (
        "You have been assigned to task: Water\n\nProject: Operations\nDue Date: 2026-11-22 09:00:00+00:00\n"
    )
    assert letters_to(cast.editor)[0].pace == Pace.TASK_MANAGER
    assert (letter.recipient, letter.to) == ("edgar@example.org", ("edgar@example.org",))


def test_an_assignment_without_a_date(cast: Cast) -> None:
    log = Log()
    make_task(cast.owner, cast.project, "Water", assignees=[cast.editor.pk])
    log.tell()
    assert the_letter_to(cast.editor).text.endswith("\nDue Date: None\n")


def test_a_reminder_is_the_contracts_letter(cast: Cast, task: Task) -> None:
    letter = write(tell_at_once(cast.editor, Kind.DUE_SOON, task))
    assert letter.subject == 'Reminder: Task "Water the plants" is due soon'
    assert letter.text == ('Your task "Water the plants" in project "Operations" is due on 2026-11-22 09:00:00+00:00')


def test_russians_get_russian(cast: Cast, task: Task) -> None:
    speak_russian(cast.editor)
    assigned = write(tell_at_once(cast.editor, Kind.ASSIGNED, task, actor=cast.owner))
    assert assigned.subject == "Вам назначена задача: Water the plants"
    assert "Olga Petrova: вам назначена задача." in assigned.text
    assert "Срок: 22 ноября 2026, 12:00" in assigned.text
    due = write(tell_at_once(cast.editor, Kind.DUE_SOON, task))
    assert due.subject == "Напоминание: скоро срок задачи «Water the plants»"
    assert "Срок этой задачи: 22 ноября 2026, 12:00." in due.text


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.INVITED])
def test_every_kind_is_written_in_every_language(cast: Cast, kind: Kind, language: str) -> None:
    User.objects.filter(pk=cast.editor.pk).update(language=language)
    set_mode(cast.editor, kind, Mode.AT_ONCE)
    task = make_task(cast.owner, cast.project, HOSTILE, description=HOSTILE, assignees=[cast.editor.pk], due_at=DUE)
    created = Event.objects.get(verb="task.created", task=task)
    letter = write(tell_at_once(cast.editor, kind, task, actor=cast.owner, event=created))
    assert HOSTILE in letter.subject
    assert HOSTILE in letter.text
    assert "<script" not in letter.html
    assert "&lt;script&gt;" in letter.html
    assert f"{settings.BATON_BASE_URL}/api/tasks/{task.pk}/" in letter.html
    assert f'lang="{language}"' in letter.html
    assert letter.headers["List-Unsubscribe"].strip("<>") in letter.html


@pytest.mark.parametrize("language", ["en", "ru"])
def test_new_members_are_told(cast: Cast, language: str) -> None:
    User.objects.filter(pk=cast.outsider.pk).update(language=language)
    log = Log()
    invite_member(actor_of(cast.owner), cast.project.pk, cast.outsider.pk)
    log.tell()
    letter = the_letter_to(cast.outsider)
    assert "Operations" in letter.subject
    assert f"{settings.BATON_BASE_URL}/api/projects/{cast.project.pk}/" in letter.text
    assert "References" not in letter.headers


def test_a_task_is_one_thread_and_can_be_sorted_and_switched_off(cast: Cast, task: Task) -> None:
    host = "127.0.0.1"
    delivery = tell_at_once(cast.editor, Kind.COMMENTED, task)
    (message,) = post()
    assert message["Message-ID"] == delivery.message_id
    assert message["References"] == message["In-Reply-To"] == f"<task-{task.uuid}@{host}>"
    assert message["List-Id"] == f"<{cast.project.key.lower()}.{host}>"
    assert message["List-Unsubscribe"].strip().startswith(f"<{settings.BATON_BASE_URL}/letters/off/")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    "title", ["x" * 4000, "🌱" * 200, "שלום \u202e עולם", "a\r\nBcc: evil@example.org\r\n\r\nbody"]
)
def test_no_title_breaks_a_header(cast: Cast, task: Task, title: str) -> None:
    # No command lets it in; an old row may have it.
    Task.objects.filter(pk=task.pk).update(title=title[:200])
    Project.objects.filter(pk=cast.project.pk).update(name=title[:200])
    for kind in (Kind.ASSIGNED, Kind.COMMENTED):
        tell_at_once(cast.editor, kind, task)
    messages = post()
    assert len(messages) == 2
    for message in messages:
        assert message["Bcc"] is None
        assert message["To"] == "edgar@example.org"
        assert not message.defects
        assert len(message["Subject"]) <= LONGEST_SUBJECT


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


def test_several_changes_are_gathered(cast: Cast, task: Task) -> None:
    log = Log()
    change_status(actor_of(cast.owner), task.pk, "in_progress")
    edit_task(actor_of(cast.owner), task.pk, {"title": "Ferns"})
    log.tell()
    (delivery,) = letters_to(cast.editor)
    assert delivery.letter == "gathered"
    text = write(delivery).text
    assert text.index("* Olga Petrova moved the task along") < text.index("* Olga Petrova changed the task")
    assert text.count("Ferns") == 2
    assert write(delivery).subject == f"[{cast.project.key}-{task.number}] Ferns"


@pytest.mark.parametrize(
    "language, mode, subject",
    [
        ("en", Mode.DAILY, "Your day at 127.0.0.1:8000: 3 things in 2 tasks"),
        ("en", Mode.WEEKLY, "Your week at 127.0.0.1:8000: 3 things in 2 tasks"),
        ("ru", Mode.DAILY, "Сводка за день (127.0.0.1:8000). Событий: 3, задач: 2"),
        ("ru", Mode.WEEKLY, "Сводка за неделю (127.0.0.1:8000). Событий: 3, задач: 2"),
    ],
)
def test_a_digest_tells_by_project_and_task(cast: Cast, task: Task, language: str, mode: Mode, subject: str) -> None:
    User.objects.filter(pk=cast.editor.pk).update(language=language)
    other = make_project(cast.owner, "Garden <b>")
    add_member(other, cast.editor, Role.EDITOR)
    roses = make_task(cast.owner, other, "Cut the roses", assignees=[cast.editor.pk])
    digest = make_digest(cast, task, roses, mode)
    letter = write(digest)
    assert letter.subject == subject
    assert letter.text.index("OPERATIONS") < letter.text.index("Water the plants") < letter.text.index("GARDEN <B>")
    assert letter.text.index("GARDEN <B>") < letter.text.index("Cut the roses")
    assert letter.text.count("Water the plants") == 1
    assert "Garden &lt;b&gt;" in letter.html
    assert "References" not in letter.headers
    assert "List-Unsubscribe" in letter.headers


def make_digest(cast: Cast, task: Task, roses: Task, mode: Mode) -> Delivery:
    (digest,) = queue_letters([LetterOrder("digest", cast.editor.pk, "daily:2026-11-21")]).values()
    told = ((task, Kind.ASSIGNED), (roses, Kind.ASSIGNED), (task, Kind.OVERDUE))
    for number, (about, kind) in enumerate(told):
        Notification.objects.create(
            user=cast.editor,
            kind=kind,
            occasion=occasion_of(kind, about.pk, DUE) if kind in REMINDED_IN else f"test:{number}",
            project_id=about.project_id,
            task=about,
            actor=cast.owner,
            created_at=timezone.now(),
            mode=mode,
            delivery_id=digest,
        )
    return Delivery.objects.get(pk=digest)


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


def test_a_contracts_subject_has_room_for_the_longest_title(cast: Cast) -> None:
    title = "word " * 39 + "words"
    task = make_task(cast.owner, cast.project, title, assignees=[cast.editor.pk], due_at=DUE)
    tell_at_once(cast.editor, Kind.ASSIGNED, task)
    tell_at_once(cast.editor, Kind.DUE_SOON, task)
    assert len(title) == 200
    assert [message["Subject"] for message in post()] == [
        f"Task Assigned: {title}",
        f'Reminder: Task "{title}" is due soon',
    ]


def test_no_name_turns_a_line_around(cast: Cast, task: Task) -> None:
    Project.objects.filter(pk=cast.project.pk).update(name="Good \u202elive\u2066")
    tell_at_once(cast.editor, Kind.COMMENTED, task)
    tell_at_once(cast.editor, Kind.INVITED, project_id=cast.project.pk)
    for message in post():
        for part in message.iter_parts():
            assert not {"\u202e", "\u2066"} & set(part.get_content())
        assert "Good live" in message.get_body(("html",)).get_content()  # type: ignore[union-attr]


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


def test_a_gathered_letter_costs_no_more_statements_with_more_in_it(
    cast: Cast, task: Task, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    log = Log()
    for number in range(12):
        edit_task(actor_of(cast.owner), task.pk, {"title": f"Water {number}", "assignees": [cast.editor.pk]})
        change_status(actor_of(cast.owner), task.pk, "done" if number % 2 else "todo")
    log.tell()
    (delivery,) = letters_to(cast.editor)
    with django_assert_max_num_queries(12):
        letter = write(delivery)
    assert letter.text.count("\n* ") > 12


def test_letters_without_text_of_the_contract_end_with_the_way_out(cast: Cast, task: Task) -> None:
    delivery = tell_at_once(cast.editor, Kind.OVERDUE, task)
    (message,) = post()
    assert text_of(message).rstrip().endswith(message["List-Unsubscribe"].strip(" <>"))
    assert write(delivery).subject == f"Overdue: [{cast.project.key}-{task.number}] Water the plants"


def test_nothing_is_sent_in_quiet_hours_that_were_set_since(cast: Cast) -> None:
    log = Log()
    make_task(cast.owner, cast.project, assignees=[cast.editor.pk])
    log.tell()
    set_hours(cast.editor, quiet_from=time(22), quiet_until=time(6))
    with time_machine.travel(datetime(2026, 11, 21, 23, tzinfo=UTC), tick=False):
        answer = the_answer_for(cast.editor)
    assert answer == Later(datetime(2026, 11, 22, 6, tzinfo=UTC))
