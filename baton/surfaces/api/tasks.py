"""Tasks: `/api/tasks/` and `/api/tasks/{id}/` with `assign/` and `status/`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, cast

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from baton.core.actor import Actor
from baton.core.commands.checks import TITLE_LENGTH
from baton.core.commands.projects import KEY
from baton.core.commands.task_assignment import assign_task
from baton.core.commands.task_creation import create_task
from baton.core.commands.task_fields import TaskFields
from baton.core.commands.task_status import change_status
from baton.core.commands.tasks import edit_task, trash_task
from baton.core.errors import FieldError, Invalid
from baton.core.models import Priority, Status
from baton.core.queries import shapes
from baton.core.queries.task_filters import TaskFilters, TaskKey
from baton.core.queries.tasks import count_tasks, get_task, list_tasks
from baton.surfaces.api.search_words import read_search_box
from baton.surfaces.api.view import ApiView, page_of, resource_response, slice_response
from baton.surfaces.wire.etags import required_version
from baton.surfaces.wire.fields import Id, Moment, PersonId, Text
from baton.surfaces.wire.inputs import In
from baton.surfaces.wire.operations import many, new, one, operation
from baton.surfaces.wire.paging import Listing
from baton.surfaces.wire.query_parameters import (
    BadValue,
    Somebody,
    describes,
    one_of,
    read_bool,
    read_id,
    read_moment,
    read_person,
    some_of,
    words,
)
from baton.surfaces.wire.respond import no_content

PRIORITIES = {priority.name.lower(): priority.value for priority in Priority}
READ_ONLY = frozenset(shapes.Task.__struct_fields__)

LARGEST_NUMBER = 2**31 - 1  # of the column


@describes({"type": "string", "pattern": f"^{KEY}-[1-9][0-9]{{0,9}}$"})
def _read_key(text: str) -> TaskKey:
    """Read what people call a task, in capitals or not."""
    key, _, number = text.upper().rpartition("-")
    if not re.fullmatch(KEY, key) or not re.fullmatch("[1-9][0-9]{0,9}", number) or int(number) > LARGEST_NUMBER:
        raise BadValue("invalid", "Must be a task's key, such as OPS-7.")
    return TaskKey(key, int(number))


LISTING = Listing(
    filters={
        "key": _read_key,
        "project": read_id,
        "status": some_of(*Status.values),
        "priority": some_of(*PRIORITIES),
        "assigned_to": read_person,
        "created_by": read_person,
        "waiting_for": one_of("me"),
        "delegated": read_bool,
        "label": words(50),
        "parent": read_id,
        "due_before": read_moment,
        "due_after": read_moment,
        "overdue": read_bool,
        "updated_after": read_moment,
        "search": read_search_box,
    },
    orderings={
        "created_at": (datetime, int),
        "updated_at": (datetime, int),
        "due_date": (datetime | None, int),
        "priority": (int, int),
        "rank": (str, int),
        "title": (str, int),
    },
    default="-created_at",
)


class TaskIn(In):
    """What may be said of a task. `assignees` are all who work on it, `assigned_to` the first of them."""

    echo = READ_ONLY
    example: ClassVar = {
        "project": 1,
        "title": "Water the plants",
        "description": "The ones on the balcony too.",
        "priority": "high",
        "labels": ["garden"],
        "due_date": "2030-06-01T12:00:00Z",
    }

    project = Id()
    title = Text(max_length=TITLE_LENGTH)
    description = Text(default="", allow_blank=True, null_as="")
    status = serializers.ChoiceField(Status.values, default=Status.TODO.value)
    priority = serializers.ChoiceField(list(PRIORITIES), default="medium")
    assigned_to = PersonId(allow_null=True, required=False)
    assignees = serializers.ListField(child=PersonId(), allow_null=True, required=False)
    parent = Id(allow_null=True, default=None)  # type: ignore[assignment]  # DRF takes declared fields off the class
    labels = serializers.ListField(child=Text(), allow_null=True, default=list)
    due_date = Moment(allow_null=True, default=None)


class AssignIn(In):
    """Who shall lead the task (`user_id` says the same), or everybody who works on it."""

    example: ClassVar = {"assignees": [1]}

    assigned_to = PersonId(allow_null=True, required=False)
    user_id = PersonId(allow_null=True, required=False)
    assignees = serializers.ListField(child=PersonId(), allow_null=True, required=False)

    @classmethod
    def constraints(cls) -> Mapping[str, Any]:
        """Say that one of them is needed, and that two are one."""
        return {"minProperties": 1, "not": {"required": ["assigned_to", "user_id"]}}


class StatusIn(In):
    """The status a task shall have."""

    example: ClassVar = {"status": "in_progress"}

    status = serializers.ChoiceField(Status.values)


class Tasks(ApiView):
    """`GET` the tasks one sees, newest first; `POST` a new one."""

    hot = frozenset({"get"})

    @operation("list_tasks", query=LISTING, gives=many(shapes.Task), refuses=(404,))
    def get(self, request: Request) -> HttpResponse:
        """List tasks by filter, ordering and page."""
        parameters, page = LISTING.read(request)
        filters = _filters(self.actor, parameters)
        found = list_tasks(self.actor, filters, page.ordering, page_of(page))
        return slice_response(request, page, found, count_tasks(self.actor, filters) if page.count else None)

    @operation("create_task", takes=TaskIn, gives=new(shapes.Task), refuses=(404,))
    def post(self, request: Request) -> HttpResponse:
        """Create a task: 201 with it."""
        values = TaskIn.read(request)
        task = create_task(self.actor, values.pop("project"), fields_in(values))
        return task_response(request, self.actor, task.pk, status=201)


class Task(ApiView):
    """One task: `GET`, `PUT`, `PATCH` (a merge patch), `DELETE` (into the trash)."""

    hot = frozenset({"get"})

    @operation("get_task", gives=one(shapes.Task))
    def get(self, request: Request, task_id: int) -> HttpResponse:
        """Show the task."""
        return task_response(request, self.actor, task_id)

    @operation("replace_task", takes=TaskIn, gives=one(shapes.Task), if_match=True)
    def put(self, request: Request, task_id: int) -> HttpResponse:
        """Replace what may be written; what is not sent gets its default."""
        values = TaskIn.read(request)
        if "assigned_to" not in values:
            values.setdefault("assignees", [])
        return self._edit(request, task_id, values)

    @operation("edit_task", takes=TaskIn, gives=one(shapes.Task), if_match=True)
    def patch(self, request: Request, task_id: int) -> HttpResponse:
        """Change what is sent."""
        return self._edit(request, task_id, TaskIn.read(request))

    @operation("trash_task", if_match=True)
    def delete(self, request: Request, task_id: int) -> HttpResponse:
        """Put the task into the trash: 204."""
        trash_task(self.actor, task_id, expected_version=required_version(request))
        return no_content()

    def _edit(self, request: Request, task_id: int, values: dict[str, Any]) -> HttpResponse:
        edit_task(self.actor, task_id, fields_in(values), expected_version=required_version(request))
        return task_response(request, self.actor, task_id)


class TaskAssignment(ApiView):
    """`PATCH` who works on a task."""

    @operation("assign_task", takes=AssignIn, gives=one(shapes.Task), if_match=True)
    def patch(self, request: Request, task_id: int) -> HttpResponse:
        """Replace the assignees, or only the lead."""
        people = people_in(AssignIn.read(request))
        assign(self.actor, task_id, people, expected_version=required_version(request))
        return task_response(request, self.actor, task_id)


class TaskStatus(ApiView):
    """`PATCH` how far a task is."""

    @operation("change_status", takes=StatusIn, partial=False, gives=one(shapes.Task), if_match=True)
    def patch(self, request: Request, task_id: int) -> HttpResponse:
        """Move the task along."""
        status = StatusIn.read(request, partial=False)["status"]
        change_status(self.actor, task_id, status, expected_version=required_version(request))
        return task_response(request, self.actor, task_id)


def task_response(request: Request, actor: Actor, task_id: int, *, status: int = 200) -> HttpResponse:
    """Return the task as the answer to a request that read or changed it. Raises NotFound."""
    task = get_task(actor, task_id)
    location = f"/api/tasks/{task.id}/" if status == 201 else None
    return resource_response(
        request, task, task.version, task.comments_count, task.attachments_count, status=status, location=location
    )


def assign(actor: Actor, task_id: int, people: dict[str, Any], *, expected_version: int | None) -> None:
    """Have the people of `people_in` work on the task: exactly them, or another lead beside the others."""
    if people.keys() == {"assignees"}:
        assign_task(actor, task_id, people["assignees"], expected_version=expected_version)
    else:
        edit_task(actor, task_id, fields_in(people), expected_version=expected_version)


def people_in(values: dict[str, Any]) -> dict[str, Any]:
    """Return what an assignment says, with `user_id` under its other name and null as nobody."""
    if not values:
        raise Invalid.field("/assigned_to", "required", "Say who shall work on the task.")
    if "user_id" in values:
        if "assigned_to" in values:
            raise Invalid.field("/user_id", "contradiction", "Send `assigned_to` or `user_id`, not both.")
        values["assigned_to"] = values.pop("user_id")
    if "assignees" in values:
        values["assignees"] = values["assignees"] or []
    return values


def fields_in(values: dict[str, Any]) -> TaskFields:
    """Return the core's names and values for what came in."""
    renamed = {"project": "project_id", "parent": "parent_id", "due_date": "due_at"}
    fields = {renamed.get(name, name): value for name, value in values.items()}
    if "priority" in fields:
        fields["priority"] = PRIORITIES[fields["priority"]]
    for name in ("assignees", "labels"):
        if name in fields:
            fields[name] = fields[name] or []  # a merge patch clears a list with null
    return cast(TaskFields, fields)


def _filters(actor: Actor, parameters: dict[str, Any]) -> TaskFilters:
    """Return the core's filters, with `me` and `none` resolved."""
    people = {Somebody.ME: actor.user_id, Somebody.NONE: None, "me": actor.user_id}
    for name in ("assigned_to", "created_by", "waiting_for"):
        if name in parameters:
            parameters[name] = people.get(parameters[name], parameters[name])
    if parameters.get("created_by", actor) is None:
        raise Invalid(errors=[FieldError("?created_by", "invalid", "Every task was created by somebody.")])
    if "priority" in parameters:
        parameters["priority"] = [PRIORITIES[name] for name in parameters["priority"]]
    return cast(TaskFilters, parameters)
