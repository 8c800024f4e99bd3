"""Who was told of a task's changes: `/api/tasks/{id}/deliveries/`."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from rest_framework.request import Request

from baton.core.queries import shapes
from baton.core.queries.told import count_told, list_told
from baton.surfaces.api.view import ApiView, page_of, slice_response
from baton.surfaces.wire.operations import many, operation
from baton.surfaces.wire.paging import Listing
from baton.surfaces.wire.query_parameters import read_id, read_moment

LISTING = Listing(
    filters={"user": read_id, "after": read_moment, "before": read_moment},
    orderings={"created_at": (datetime, int)},
    default="-created_at",
)


class TaskDeliveries(ApiView):
    """`GET` who was told of the task's changes, through what and with which answer, or why not.

    Owners of its project are shown everybody, others themselves.
    """

    @operation("list_task_deliveries", query=LISTING, gives=many(shapes.Told))
    def get(self, request: Request, task_id: int) -> HttpResponse:
        """List by page, the newest first."""
        filters, page = LISTING.read(request)
        found = list_told(self.actor, task_id, filters, page.ordering, page_of(page))
        return slice_response(request, page, found, count_told(self.actor, task_id, filters) if page.count else None)
