"""The trash and undoing: `/api/trash/`, `/api/trash/{kind}/{id}/restore/` and `/api/events/{id}/undo/`."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpResponse
from rest_framework.request import Request

from baton.core.commands.trash import restore_project, restore_task
from baton.core.commands.undo import undo_event
from baton.core.queries import shapes
from baton.core.queries.events import get_event
from baton.core.queries.projects import get_project
from baton.core.queries.tasks import get_task
from baton.core.queries.trash import count_trash, list_trash
from baton.surfaces.api.view import ApiView, page_of, resource_response, slice_response
from baton.surfaces.wire.operations import many, one, operation, plain
from baton.surfaces.wire.paging import Listing
from baton.surfaces.wire.respond import json_response

LISTING = Listing(filters={}, orderings={"trashed_at": (datetime, str, int)}, default="-trashed_at")


class Trash(ApiView):
    """`GET` what lies in the trash, what went there last first."""

    @operation("list_trash", query=LISTING, gives=many(shapes.Trashed))
    def get(self, request: Request) -> HttpResponse:
        """List tasks and projects by page, each with when it will be gone for good."""
        _, page = LISTING.read(request)
        time_in_trash = timedelta(days=settings.BATON_TRASH_DAYS)
        descending = page.ordering.startswith("-")
        found = list_trash(self.actor, page_of(page), time_in_trash, descending=descending)
        return slice_response(request, page, found, count_trash(self.actor) if page.count else None)


class RestoreTask(ApiView):
    """`POST` takes a task out of the trash."""

    takes_empty_body = True

    @operation("restore_task", gives=one(shapes.Task))
    def post(self, request: Request, task_id: int) -> HttpResponse:
        """Answer with the task; 409 while its project is in the trash."""
        restore_task(self.actor, task_id)
        task = get_task(self.actor, task_id)
        return resource_response(request, task, task.version, task.comments_count, task.attachments_count)


class RestoreProject(ApiView):
    """`POST` takes a project out of the trash."""

    takes_empty_body = True

    @operation("restore_project", gives=one(shapes.Project))
    def post(self, request: Request, project_id: int) -> HttpResponse:
        """Answer with the project."""
        restore_project(self.actor, project_id)
        project = get_project(self.actor, project_id)
        return resource_response(request, project, project.version)


class UndoEvent(ApiView):
    """`POST` undoes what an event told of."""

    takes_empty_body = True

    @operation("undo_event", gives=plain(shapes.Event, 201))
    def post(self, request: Request, event_id: int) -> HttpResponse:
        """Answer 201 with the new event; 409 where a later change stands in the way."""
        return json_response(get_event(undo_event(self.actor, event_id)), 201)
