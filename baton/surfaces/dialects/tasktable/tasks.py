"""`/api/`, `/api/tasks/` and `/api/tasks/{id}/` with `add_comment/`."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpResponse, HttpResponseRedirect
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.filters import SearchFilter
from rest_framework.request import Request
from rest_framework.response import Response

from baton.core.commands.comments import add_comment
from baton.core.commands.task_creation import create_task
from baton.core.commands.task_fields import TaskFields
from baton.core.commands.task_handover import edit_or_hand_on
from baton.core.commands.tasks import edit_task, trash_task
from baton.core.errors import Denied, NotFound
from baton.core.queries.contact_tasks import (
    ContactTask,
    Wanted,
    get_contact_task,
    list_contact_comments,
    list_contact_tasks,
)
from baton.surfaces.dialects.tasktable.changes import checked, read_change, read_new_task, task_shape
from baton.surfaces.dialects.tasktable.dialect import COMMENTS, DIALECT, RESOURCES
from baton.surfaces.dialects.tasktable.mapping import (
    is_strict,
    show_flat,
    show_row,
    show_whole,
    task_url,
)
from baton.surfaces.dialects.tasktable.paging import Pages, read_words
from baton.surfaces.dialects.tasktable.project import tasks_place, tasks_project
from baton.surfaces.dialects.tasktable.schemas import CommentIn
from baton.surfaces.dialects.tasktable.view import FormView, TaskTableView
from baton.surfaces.wire.dialects.links import absolute, root_of
from baton.surfaces.wire.respond import no_content
from baton.surfaces.wire.routes import find_id
from baton.surfaces.wire.views import Access


class Front(TaskTableView):
    """The way to the root of the API."""

    access = Access.PUBLIC

    def get(self, request: Request) -> HttpResponse:
        """Redirect there, for good."""
        return HttpResponseRedirect(f"{root_of(request, DIALECT)}/api/", status=301)


class Resource(TaskTableView):
    """A resource of the original's router, whose form may be said in its path: `known_format`."""

    dialect = RESOURCES
    known_format: str | None = None

    def get_format_suffix(self, **_kwargs: Any) -> str | None:
        """Return the form that the path ends in."""
        return self.known_format


class Root(Resource):
    """The default basic root view for DefaultRouter."""

    access = Access.PUBLIC
    name = "Api Root"

    def get(self, request: Request) -> Response:
        """Show where the tasks are."""
        return Response({"tasks": absolute(request, DIALECT, "/api/tasks/")})


class Tasks(Resource):
    """The tasks one has made or works on, those without a due date first, then the latest due."""

    name = "Task List"
    # For the page alone: its search box and its page numbers.
    filter_backends = (SearchFilter,)
    search_fields = ("name", "performer__username")
    paginator: Pages | None = None

    def get(self, request: Request) -> Response:
        """List a page of them; all of everybody's in strict mode."""
        wanted = Wanted(related=not is_strict(), words=read_words(request))
        pages = Pages(request)
        count, tasks = list_contact_tasks(self.actor, tasks_place(), wanted, pages.limit, pages.offset)
        self.paginator = pages
        root = absolute(request, DIALECT, "/api/tasks/")
        return Response(pages.show(count, [show_row(task, f"{root}{task.id}/") for task in tasks]))

    def post(self, request: Request) -> Response:
        """Create a task: 201 with it."""
        created = create_task(self.actor, tasks_project(self.actor), read_new_task(request.data))
        url = task_url(request, created.pk)
        task = get_contact_task(self.actor, tasks_place(), created.pk)
        return Response(show_flat(task, url), 201, headers={"Location": url})

    def get_queryset(self) -> None:
        """Return nothing: the page asks, before it shows its search box."""

    def get_serializer(self, *_args: Any, **_kwargs: Any) -> serializers.Serializer[Any]:
        """Return the form of the page."""
        return task_shape()()


class OneTask(Resource):
    """What stands below the address of a task."""

    def find(self) -> ContactTask:
        """Return the task. Raises NotFound."""
        task_id = find_id(self.kwargs["task_id"])
        if task_id is None:
            raise NotFound
        return get_contact_task(self.actor, tasks_place(), task_id)


class Task(OneTask):
    """One task: everybody reads it, who made it or works on it changes it."""

    name = "Task Instance"
    shown: dict[str, object] | None = None

    def get(self, _request: Request, task_id: str) -> Response:
        """Show the task with its comments, the newest first."""
        task = self.find()
        self.shown = show_flat(task, "")
        return Response(show_whole(task, list_contact_comments(self.actor, task)))

    def put(self, request: Request, task_id: str) -> Response:
        """Replace name and specification; what else is not sent stays."""
        return self._change(request, partial=False)

    def patch(self, request: Request, task_id: str) -> Response:
        """Change what is sent."""
        return self._change(request, partial=True)

    def delete(self, _request: Request, task_id: str) -> HttpResponse:
        """Put the task into the trash: 204."""
        trash_task(self.actor, self.find().id)
        return no_content()

    def get_object(self) -> ContactTask:
        """Return the task, for the framework's description of a PUT."""
        return self.find()

    def get_serializer(self, *_args: Any, **_kwargs: Any) -> serializers.Serializer[Any]:
        """Return the form of the page, filled with what the page shows anyhow."""
        return task_shape()(self.shown)

    def get_extra_action_url_map(self) -> dict[str, str]:
        """Return the page's way to the comments' form."""
        return (
            {"Add comment": task_url(self.request, cast(int, self.shown["id"])) + "add_comment/"} if self.shown else {}
        )

    def _change(self, request: Request, *, partial: bool) -> Response:
        present = self.find()
        try:
            fields = read_change(request.data, present, partial=partial)
        except ValidationError:
            # Who may not change the task hears that, and not what was wrong with the change.
            edit_task(self.actor, present.id, {})
            raise
        self._edit(present.id, fields)
        self.shown = show_flat(self.find(), task_url(request, present.id))
        return Response(self.shown)

    def _edit(self, task_id: int, fields: TaskFields) -> None:
        if not is_strict():
            edit_or_hand_on(self.actor, task_id, fields)
            return
        try:
            edit_task(self.actor, task_id, fields)
        except Denied:
            # Whoever performs the task may change the rest of it; the performer they name is passed over.
            fields.pop("assigned_to", None)
            edit_task(self.actor, task_id, fields)


class TaskComment(FormView, OneTask):
    """Comment on a task: every account may."""

    dialect = COMMENTS
    name = "Add Comment"
    shape = CommentIn

    def post(self, request: Request, task_id: str) -> Response:
        """Answer 201 with a status."""
        task = self.find()
        add_comment(self.actor, task.id, checked(CommentIn(data=request.data))["description"])
        return Response({"status": "comment added"}, 201)
