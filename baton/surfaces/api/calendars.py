"""One's calendar feed: `/api/calendar-feed/`, and what its secret address shows, `/calendar/{secret}.ics`."""

from __future__ import annotations

from hashlib import sha256

from django.conf import settings
from django.http import HttpResponse
from django.utils.http import http_date
from msgspec import Struct
from rest_framework.request import Request

from baton.core.commands.calendar_feeds import close_calendar_feed, open_calendar_feed
from baton.core.queries.calendar_feeds import get_feed
from baton.surfaces.api.view import ApiView
from baton.surfaces.wire.etags import is_unchanged, not_modified
from baton.surfaces.wire.operations import operation, plain
from baton.surfaces.wire.respond import json_response, no_content
from baton.surfaces.wire.views import Access, BatonView


class FeedOut(Struct):
    """The secret address of a feed."""

    url: str


class CalendarFeed(ApiView):
    """`POST` for a secret address, shown this once; `DELETE` to revoke it."""

    access = Access.OWN_ACCOUNT
    idempotent = False
    takes_empty_body = True

    @operation("open_calendar_feed", gives=plain(FeedOut, 201))
    def post(self, request: Request) -> HttpResponse:
        """Open the feed, and revoke the address that was there: 201 with the new one."""
        secret = open_calendar_feed(self.actor)
        return json_response(FeedOut(f"{settings.BATON_BASE_URL}/calendar/{secret}.ics"), 201)

    @operation("close_calendar_feed")
    def delete(self, request: Request) -> HttpResponse:
        """Revoke the address: 204."""
        close_calendar_feed(self.actor)
        return no_content()


class Calendar(BatonView):
    """`GET` a person's due dates, by the secret in the address alone."""

    access = Access.PUBLIC
    authentication_classes = ()

    def get(self, request: Request, secret: str) -> HttpResponse:
        """Send the calendar, or 304."""
        feed = get_feed(secret)
        tag = f'"{sha256(feed.content).hexdigest()}"'
        if is_unchanged(request, tag):
            return not_modified(tag)
        headers = {
            "ETag": tag,
            "Last-Modified": http_date(feed.changed_at.timestamp()),
            "Referrer-Policy": "no-referrer",
        }
        return HttpResponse(feed.content, content_type="text/calendar; charset=utf-8", headers=headers)
