"""What happened to a task: `/api/tasks/{id}/history/`."""

from __future__ import annotations

from django.http import HttpResponse
from rest_framework.request import Request

from baton.core.queries import shapes
from baton.core.queries.events import count_history, list_history
from baton.surfaces.api.view import ApiView, page_of, slice_response
from baton.surfaces.wire.operations import many, operation
from baton.surfaces.wire.paging import Listing

LISTING = Listing(filters={}, orderings={"cursor": (int, int)}, default="cursor")


class TaskHistory(ApiView):
    """`GET` a task's events, oldest first."""

    hot = frozenset({"get"})

    @operation("list_history", query=LISTING, gives=many(shapes.Event))
    def get(self, request: Request, task_id: int) -> HttpResponse:
        """List the events by page."""
        _, page = LISTING.read(request)
        found = list_history(self.actor, task_id, page.ordering, page_of(page))
        return slice_response(request, page, found, count_history(self.actor, task_id) if page.count else None)
