"""What one was told: `/api/notifications/`."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.http import HttpResponse
from rest_framework.request import Request

from baton.core.models.notification import Kind
from baton.core.queries import shapes
from baton.core.queries.notifications import count_notifications, list_notifications
from baton.surfaces.api.view import ApiView, page_of, slice_response
from baton.surfaces.wire.operations import operation, plain
from baton.surfaces.wire.paging import Listing
from baton.surfaces.wire.query_parameters import one_of, read_bool, read_id

LISTING = Listing(
    filters={"unread": read_bool, "kind": one_of(*Kind.values), "project": read_id, "task": read_id},
    orderings={"created_at": (datetime, int)},
    default="-created_at",
)


class NotificationsOut(msgspec.Struct, omit_defaults=True):
    """A page of what one was told; `unread_count` says how much of all of it is unread."""

    results: list[shapes.Notification]
    next: str | None
    previous: str | None
    unread_count: int
    count: int | msgspec.UnsetType = msgspec.UNSET


class Notifications(ApiView):
    """`GET` what one was told, the newest first, as far as one still sees what it is about."""

    @operation("list_notifications", query=LISTING, gives=plain(NotificationsOut, headers=("Link",)))
    def get(self, request: Request) -> HttpResponse:
        """List the notifications by page."""
        filters, page = LISTING.read(request)
        found = list_notifications(self.actor, filters, page.ordering, page_of(page))
        count = count_notifications(self.actor, filters) if page.count else None
        unread = count_notifications(self.actor, {"unread": True})
        return slice_response(request, page, found, count, {"unread_count": unread})
