"""What a body says of a task, in the core's words.

What is sent as it is shown changes nothing, and so may be what this dialect would not take: the status, the time of the
day, the other assignees and blank words stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from baton.core.actor import Actor
from baton.core.commands.task_fields import TaskFields
from baton.core.errors import NotFound
from baton.core.queries.contact_tasks import ContactTask, get_contact_task
from baton.surfaces.dialects.tasktable.mapping import STATUS, is_strict, show_flat
from baton.surfaces.dialects.tasktable.project import tasks_place
from baton.surfaces.dialects.tasktable.schemas import CreationIn, StrictTaskIn, TaskIn, UpdateIn
from baton.surfaces.wire.dialects.projection import choose_due, leave_as_shown
from baton.surfaces.wire.routes import find_id


def task_shape() -> type[serializers.Serializer[Any]]:
    """Return what may be said of a task below `/api/tasks/`."""
    return StrictTaskIn if is_strict() else TaskIn


def read_creation(data: object) -> TaskFields:
    """Return what the module taskcreation says of a new task. Raises ValidationError."""
    return _fields(checked(CreationIn(data=data)))


def read_new_task(data: object) -> TaskFields:
    """Return what is said of a new task. Raises ValidationError."""
    return _fields(checked(task_shape()(data=data)))


def read_update(actor: Actor, data: object) -> tuple[ContactTask, TaskFields]:
    """Return the task that the module taskupdate means, and what shall change of it. Raises ValidationError."""
    task = _named(actor, data)
    shape = UpdateIn(data=data, context={"task": task})
    if task is not None:
        shown = {**show_flat(task, ""), "performer": task.lead and task.lead.username}
        # The due date is looked at all the same: here none that is over was ever taken.
        leave_as_shown(shape, data, {name: value for name, value in shown.items() if name != "due_date"})
    said = checked(shape)
    if task is None:
        raise NotFound
    return task, _fields(said, task)


def read_change(data: object, task: ContactTask, *, partial: bool) -> TaskFields:
    """Return what shall change of a task. Raises ValidationError."""
    shape = task_shape()(data=data, partial=partial)
    leave_as_shown(shape, data, show_flat(task, ""))
    return _fields(checked(shape), task)


def checked(shape: serializers.Serializer[Any]) -> dict[str, Any]:
    """Return what the body says. Raises ValidationError."""
    shape.is_valid(raise_exception=True)
    return dict(shape.validated_data)


def _named(actor: Actor, data: object) -> ContactTask | None:
    """Return the task whose id is sent, None where there is none."""
    sent = data.get("task_id") if isinstance(data, Mapping) else None
    task_id = find_id(str(sent)) if isinstance(sent, (str, int)) else None
    try:
        return None if task_id is None else get_contact_task(actor, tasks_place(), task_id)
    except NotFound:
        return None


def _fields(said: Mapping[str, Any], present: ContactTask | None = None) -> TaskFields:
    fields: TaskFields = {}
    if "name" in said:
        fields["title"] = said["name"]
    if "specification" in said:
        fields["description"] = said["specification"]
    if "due_date" in said:
        fields["due_at"] = choose_due(said["due_date"], present.due_at if present else None)
    if said.get("status"):
        fields["status"] = STATUS.choose(said["status"], present.status if present else None)
    if "performer" in said:
        fields["assigned_to"] = said["performer"]
    if "performers" in said:
        fields["assignees"] = said["performers"]
    return fields
