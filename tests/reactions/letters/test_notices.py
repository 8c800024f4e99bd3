"""What each letter about a notification says, to whom it still may, at the moment it is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

import pytest
import time_machine
from django.conf import settings

from baton.core.commands.members import add_member as invite_member
from baton.core.commands.task_status import change_status
from baton.core.commands.tasks import edit_task
from baton.core.models import Event, Project, Role, Task, User
from baton.core.models.delivery import Pace
from baton.core.models.notification import Kind, Mode
from baton.reactions.letters.composing import Later
from baton.reactions.letters.rendering import LONGEST_SUBJECT
from tests.cast import Cast
from tests.factories import actor_of, add_member, make_project, make_task
from tests.reactions.letters.notices import DUE, make_digest, speak_russian, tell_at_once, write
from tests.reactions.letters.posted import letters_to, post, text_of, the_answer_for, the_letter_to
from tests.told import Log, set_hours, set_mode

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
HOSTILE = '<script>alert(1)</script> & "x" {{ settings.SECRET_KEY }}'


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
