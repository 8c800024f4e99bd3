"""What one was told: `/api/notifications/`."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import msgspec
from django.http import HttpResponse
from rest_framework.request import Request

from baton.core.commands.notifications import read_all_notifications, read_notification
from baton.core.models.notification import Kind
from baton.core.queries import shapes
from baton.core.queries.notifications import count_notifications, list_notifications
from baton.surfaces.api.view import ApiView, page_of, slice_response
from baton.surfaces.wire.fields import Id
from baton.surfaces.wire.inputs import In
from baton.surfaces.wire.operations import operation, plain
from baton.surfaces.wire.paging import Listing
from baton.surfaces.wire.query_parameters import one_of, read_bool, read_id
from baton.surfaces.wire.respond import json_response, no_content


class ReadAllIn(In):
    """Up to where one has read: the id of the newest notification one was shown; all without it."""

    example: ClassVar = {"until": 1}

    until = Id(required=False, allow_null=True)


class ReadOut(msgspec.Struct):
    """How many notifications were unread before."""

    read: int


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


class NotificationRead(ApiView):
    """`PUT` to note that one has read a notification, `DELETE` that one has not; either twice is once."""

    takes_empty_body = True

    @operation("read_notification")
    def put(self, request: Request, notification_id: int) -> HttpResponse:
        """Note that it was read: 204."""
        read_notification(self.actor, notification_id)
        return no_content()

    @operation("mark_notification_read")
    def post(self, request: Request, notification_id: int) -> HttpResponse:
        """Note that it was read, as `PUT` does: 204."""
        return self.put(request, notification_id)

    @operation("unread_notification")
    def delete(self, request: Request, notification_id: int) -> HttpResponse:
        """Note that it is unread again: 204."""
        read_notification(self.actor, notification_id, is_read=False)
        return no_content()


class ReadAll(ApiView):
    """`POST` to note that one has read all one was told."""

    takes_empty_body = True

    @operation("read_all_notifications", takes=ReadAllIn, gives=ReadOut)
    def post(self, request: Request) -> HttpResponse:
        """Answer with how many were unread; with `until` what came since stays so."""
        values = ReadAllIn.read(request)
        return json_response(ReadOut(read_all_notifications(self.actor, until=values.get("until"))))
