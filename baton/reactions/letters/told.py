"""What the notifications of a letter tell its reader, as far as it still holds and they still see it."""

from __future__ import annotations

from dataclasses import dataclass

from baton.core.commands.reminders import REMINDED_IN, occasion_of
from baton.core.models import Delivery, Notification, Project, Task
from baton.core.models.notification import Kind, Mode
from baton.reactions.letters.composing import Unsent
from baton.reactions.letters.items import THEIRS, Item, item_of
from baton.reactions.letters.known import Known, look_up_known, notifications_of, number_in, wish_of
from baton.reactions.letters.readers import Reader

NOTHING = Unsent("What it was about is gone.")
UNSEEN = Unsent("They do not see the task any more.")
NOT_THEIRS = Unsent("They do not work on the task any more.")
NOT_DUE = Unsent("The task is done, or has another due date or none.")
OFF_BY_NOW = Unsent("They have switched such letters off since.")
COMMENT_GONE = Unsent("The comment is gone.")

_COMMENTED = "comment.added"


@dataclass(frozen=True, slots=True)
class Told:
    """A notification that holds: the task it is about, or only the project, and what to say of it."""

    notification: Notification
    task: Task | None
    project: Project
    item: Item


def tell(delivery: Delivery, reader: Reader) -> list[Told | Unsent]:
    """Return for each notification of the letter what it tells the reader now, or why it tells nothing any more."""
    notifications = notifications_of(delivery)
    known = look_up_known(notifications, reader)
    return [_tell(notification, known) for notification in notifications]


def _tell(notification: Notification, known: Known) -> Told | Unsent:
    if known.modes[wish_of(notification)] == Mode.OFF:
        return OFF_BY_NOW
    events = known.changes[notification.pk]
    if notification.event_id and not events:
        return UNSEEN
    if notification.task_id is None:
        project = known.projects.get(notification.project_id or 0)
        return UNSEEN if project is None else Told(notification, None, project, item_of(notification, None, known))
    task = known.tasks.get(notification.task_id)
    if task is None:
        return UNSEEN
    over = _reason_against(notification, task, known)
    return over or Told(notification, task, task.project, item_of(notification, task, known))


def _reason_against(notification: Notification, task: Task, known: Known) -> Unsent | None:
    """Return why nobody needs to be told any more; None where they do."""
    if notification.kind in THEIRS and known.reader.user.pk not in {person.id for person in known.people[task.pk]}:
        return NOT_THEIRS
    if notification.kind in REMINDED_IN and not _is_still_due(notification, task):
        return NOT_DUE
    commented = [event for event in known.changes[notification.pk] if event.verb == _COMMENTED]
    if commented and not any(number_in(event, "comment") in known.comments for event in commented):
        return COMMENT_GONE
    return None


def _is_still_due(reminder: Notification, task: Task) -> bool:
    """Does the task still have the due date of the reminder, and something left to do?"""
    if task.due_at is None or task.status not in REMINDED_IN[Kind(reminder.kind)]:
        return False
    return reminder.occasion == occasion_of(reminder.kind, task.pk, task.due_at)
