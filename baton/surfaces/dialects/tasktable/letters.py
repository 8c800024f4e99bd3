"""The original's letters: to who made a task and who performs it, when it is made, changed or commented on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC

from django.conf import settings

from baton.adapters.mail import Letter
from baton.core.commands.mail_queue import LetterOrder, order_for_event
from baton.core.models import Comment, Delivery, Event, Task
from baton.core.models.delivery import Pace
from baton.core.policies.visibility import visible_tasks
from baton.reactions.letters.composing import Composer, Unsent
from baton.reactions.letters.headers import off_headers, thread_headers
from baton.reactions.letters.links import off_link
from baton.reactions.letters.readers import Reader, to_reader, unless_unwanted
from baton.reactions.letters.told import COMMENT_GONE, UNSEEN
from baton.surfaces.dialects.tasktable.dialect import NAME
from baton.surfaces.dialects.tasktable.mapping import STATUS
from baton.surfaces.wire.dialects.projection import show_date

CREATED = "tasktable_created"
CHANGED = "tasktable_changed"
COMMENTED = "tasktable_commented"

SUBJECTS = {
    CREATED: "A new task has been created",
    CHANGED: "The task has been changed",
    COMMENTED: "A new comment has been added to the task",
}
_LETTERS = {
    "task.created": CREATED,
    "task.edited": CHANGED,
    "task.status_changed": CHANGED,
    "task.assigned": CHANGED,
    "task.delegated": CHANGED,
    "comment.added": COMMENTED,
}


def plan(event: Event) -> list[LetterOrder]:
    """Return the letters that follow from what happened through this dialect, one to each person."""
    letter = _LETTERS.get(event.verb)
    task = Task.objects.filter(pk=event.task_id or 0).first()
    if NAME not in settings.BATON_DIALECTS or letter is None or task is None:
        return []
    people = dict.fromkeys([task.created_by_id, _performer(event, task)])
    return [order_for_event(letter, user, event, pace=Pace.TASKTABLE) for user in people if user is not None]


def compose(delivery: Delivery, reader: Reader) -> Letter | Unsent:
    """Write the letter, word for word as the original did, of the task as it is now."""
    seen = visible_tasks(reader.eyes).select_related("created_by", "lead")
    task = seen.filter(pk=delivery.task_id or 0).first()
    if task is None:
        return UNSEEN
    lines = _lines(task)
    if delivery.letter == COMMENTED:
        comment = _find_comment(delivery)
        if comment is None:
            return COMMENT_GONE
        lines += ["", *_comment_lines(comment)]
    people = [task.created_by, *([task.lead] if task.lead else [])]
    to = dict.fromkeys([*(person.email for person in people if person.is_active and person.email), reader.address])
    headers = {**thread_headers(task), **off_headers(off_link(reader.user.pk, delivery.letter))}
    subject, text = SUBJECTS[delivery.letter], "\n".join(lines)
    return Letter(reader.address, tuple(to), subject, text, delivery.message_id, headers=headers)


COMPOSERS: Mapping[str, Composer] = dict.fromkeys(SUBJECTS, to_reader(unless_unwanted(compose)))
"""Who writes this dialect's letters."""


def _performer(event: Event, task: Task) -> int | None:
    """Return who performed the task after the event, whoever does by now."""
    if "assigned_to" in event.changes:
        performer: int | None = event.changes["assigned_to"][1]
        return performer
    return None if event.verb == "task.created" else task.lead_id


def _lines(task: Task) -> list[str]:
    return [
        f"Task name: {task.title}",
        f"Specification: {task.description}",
        f"Due date: {show_date(task.due_at)}",
        f"Creator: {task.created_by.username}",
        f"Performer: {task.lead and task.lead.username}",
        f"Status: {STATUS.show(task.status)}",
    ]


def _comment_lines(comment: Comment) -> list[str]:
    return [
        f"New comment: {comment.text}",
        f"Author: {comment.author.username}",
        f"Posting date: {comment.created_at.astimezone(UTC):%Y-%m-%d %H:%M}",
    ]


def _find_comment(delivery: Delivery) -> Comment | None:
    event = Event.objects.filter(pk=delivery.event_id or 0).first()
    said = event.data.get("comment") if event is not None else None
    return Comment.objects.select_related("author").filter(pk=said or 0).first()
