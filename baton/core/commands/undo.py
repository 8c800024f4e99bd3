"""Undoing an event: the ordinary commands run with the old values, under the rights of who undoes.

An event can be undone as long as what it set is still so. Undoing records new events that name the undone one in
`data.undoes`; undoing those does it again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

import msgspec
from django.db import transaction

from baton.core.actor import Actor
from baton.core.commands.access import find_comment, lock_project, lock_task_and_project
from baton.core.commands.attachments import remove_attachment, restore_attachment
from baton.core.commands.comments import delete_comment, edit_comment, restore_comment
from baton.core.commands.members import add_member, change_role, remove_member
from baton.core.commands.projects import ProjectFields, edit_project, trash_project
from baton.core.commands.task_assignment import assign_task, list_assignees
from baton.core.commands.task_fields import TaskFields
from baton.core.commands.task_labels import list_labels
from baton.core.commands.task_status import change_status
from baton.core.commands.task_watching import unwatch_task, watch_task
from baton.core.commands.tasks import edit_task, trash_task
from baton.core.commands.trash import restore_project, restore_task
from baton.core.errors import Conflict, NotFound
from baton.core.events.catalogue import CATALOGUE
from baton.core.events.facts.comments import CommentDeleted
from baton.core.models import Comment, Event, Member, Priority, Project, Task
from baton.core.policies.visibility import events_seen_by
from baton.core.queries.users import Handle

Undo = Callable[[Actor, Event], object]


def undo_event(actor: Actor, event_id: int) -> Event:
    """Undo what an event told of, and return the last event that did so.

    Raises NotFound for an event the actor doesn't see, Denied without the right to the reverse change, and Conflict
    where a later change stands in the way or the event is of a kind that can't be undone.
    """
    with transaction.atomic():
        event = events_seen_by(actor).filter(pk=event_id).first()
        if event is None:
            raise NotFound
        undo = _UNDO.get(event.verb)
        if undo is None:
            raise Conflict(f"An event {event.verb} can't be undone.", code="not_undoable")
        newest = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        undo(replace(actor, undoes=event.pk), event)
        told = Event.objects.filter(pk__gt=newest, data__undoes=event.pk).order_by("-pk").first()
        if told is None:
            raise Conflict("There is nothing left to undo.", code="overtaken")
        return told


def _expect(field: str, present: object, told: object) -> None:
    """Raise Conflict where a field is no longer what the event made it."""
    if present != told:
        raise Conflict(f"The {field} has been changed since.", code="overtaken")


def _edited(actor: Actor, event: Event) -> None:
    task = lock_task_and_project(actor, _task_of(event))
    for field, (_, new) in event.changes.items():
        _expect(field, msgspec.to_builtins(_TASK_FIELDS[field](task)), new)
    old = {field: before for field, (before, _) in event.changes.items()}
    edit_task(actor, task.pk, _as_fields(old))


def _status_changed(actor: Actor, event: Event) -> None:
    task = lock_task_and_project(actor, _task_of(event))
    old, new = event.changes["status"]
    _expect("status", task.status, new)
    change_status(actor, task.pk, old)


def _assigned(actor: Actor, event: Event) -> None:
    task = lock_task_and_project(actor, _task_of(event))
    if "assignees" not in event.changes:
        raise Conflict("This assignment can't be undone.", code="not_undoable")
    old, new = event.changes["assignees"]
    _expect("assignment", list_assignees(task), new)
    assign_task(actor, task.pk, old)


def _created(actor: Actor, event: Event) -> None:
    task = lock_task_and_project(actor, _task_of(event))
    _expect("task", Event.objects.filter(task=task, pk__gt=event.pk).exists(), told=False)
    trash_task(actor, task.pk)


def _comment_added(actor: Actor, event: Event) -> None:
    comment = find_comment(actor, event.data["comment"])
    _expect("comment", comment.text, event.changes["text"][1])
    delete_comment(actor, comment.pk)


def _comment_edited(actor: Actor, event: Event) -> None:
    comment = find_comment(actor, event.data["comment"])
    old, new = event.changes["text"]
    _expect("comment", comment.text, new)
    edit_comment(actor, comment.pk, old)


def _comment_deleted(actor: Actor, event: Event) -> Comment:
    try:
        fact = msgspec.convert(event.data, CommentDeleted)
    except msgspec.ValidationError:
        raise Conflict("The log does not say enough of this comment.", code="not_undoable") from None
    return restore_comment(actor, _task_of(event), fact, event.changes["text"][0])


def _project_edited(actor: Actor, event: Event) -> Project:
    project = lock_project(actor, _project_of(event))
    if "owner" in event.changes:
        raise Conflict("Who owns a project is changed by its members' roles.", code="not_undoable")
    for field, (_, new) in event.changes.items():
        _expect(field, getattr(project, field), new)
    old = {field: before for field, (before, _) in event.changes.items()}
    return edit_project(actor, project.pk, cast(ProjectFields, old))


def _member_added(actor: Actor, event: Event) -> None:
    project, user_id = _project_of(event), event.data["user"]
    _expect("role", _role_of(actor, project, user_id), event.changes["role"][1])
    remove_member(actor, project, user_id)


def _role_changed(actor: Actor, event: Event) -> Member:
    project, user_id = _project_of(event), event.data["user"]
    old, new = event.changes["role"]
    _expect("role", _role_of(actor, project, user_id), new)
    return change_role(actor, project, user_id, old)


def _member_removed(actor: Actor, event: Event) -> Member:
    project, user_id = _project_of(event), event.data["user"]
    _expect("membership", _role_of(actor, project, user_id), None)
    return add_member(actor, project, Handle("user_id", user_id), event.changes["role"][0])


def _role_of(actor: Actor, project_id: int, user_id: int) -> str | None:
    project = lock_project(actor, project_id)
    return Member.objects.filter(project=project, user=user_id).values_list("role", flat=True).first()


def _as_fields(old: Mapping[str, Any]) -> TaskFields:
    """Return the values of an event as a command takes them."""
    fields: dict[str, Any] = dict(old)
    if "parent" in fields:
        fields["parent_id"] = fields.pop("parent")
    if "due_date" in fields:
        due_date = fields.pop("due_date")
        fields["due_at"] = due_date and datetime.fromisoformat(due_date)
    if "priority" in fields:
        fields["priority"] = Priority[fields["priority"].upper()].value
    return cast(TaskFields, fields)


def _task_of(event: Event) -> int:
    if event.task_id is None:
        raise NotFound
    return event.task_id


def _project_of(event: Event) -> int:
    if event.project_id is None:
        raise NotFound
    return event.project_id


_TASK_FIELDS: Mapping[str, Callable[[Task], Any]] = {
    "title": lambda task: task.title,
    "description": lambda task: task.description,
    "priority": lambda task: Priority(task.priority).name.lower(),
    "parent": lambda task: task.parent_id,
    "labels": list_labels,
    "due_date": lambda task: task.due_at,
}

_UNDO: Mapping[str, Undo] = {
    "task.created": _created,
    "task.edited": _edited,
    "task.status_changed": _status_changed,
    "task.assigned": _assigned,
    "task.trashed": lambda actor, event: restore_task(actor, _task_of(event)),
    "task.restored": lambda actor, event: trash_task(actor, _task_of(event)),
    "task.watched": lambda actor, event: unwatch_task(actor, _task_of(event)),
    "task.unwatched": lambda actor, event: watch_task(actor, _task_of(event)),
    "comment.added": _comment_added,
    "comment.edited": _comment_edited,
    "comment.deleted": _comment_deleted,
    "comment.restored": _comment_added,
    "attachment.added": lambda actor, event: remove_attachment(actor, event.data["attachment"]),
    "attachment.removed": lambda actor, event: restore_attachment(actor, event.data["attachment"]),
    "attachment.restored": lambda actor, event: remove_attachment(actor, event.data["attachment"]),
    "project.edited": _project_edited,
    "project.trashed": lambda actor, event: restore_project(actor, _project_of(event)),
    "project.restored": lambda actor, event: trash_project(actor, _project_of(event)),
    "member.added": _member_added,
    "member.role_changed": _role_changed,
    "member.removed": _member_removed,
}

if unknown := _UNDO.keys() - CATALOGUE.keys():
    raise TypeError(f"there are no events {sorted(unknown)} to undo")
