"""Polling the event log: `/api/events/?after=<cursor>`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from msgspec import Struct
from rest_framework.request import Request

from baton.core.errors import FieldError
from baton.core.events.log import Cursor
from baton.core.queries import shapes
from baton.core.queries.events import EventPage, UnknownCursor, poll_events
from baton.surfaces.api.view import ApiView
from baton.surfaces.wire.operations import operation, plain
from baton.surfaces.wire.paging import LARGEST_PAGE, PAGE_SIZE
from baton.surfaces.wire.query_parameters import BadValue, describes, number, read_id, read_query
from baton.surfaces.wire.refusals import bad_query
from baton.surfaces.wire.respond import json_response


class EventsOut(Struct):
    """Events in commit order, and the cursor to go on from."""

    results: list[shapes.Event]
    next: str | None
    previous: None
    cursor: str


@describes({"type": "string", "pattern": "^[0-9]{1,19}-[0-9]{1,19}$"})
def _read_cursor(text: str) -> Cursor:
    try:
        return Cursor.parse(text)
    except ValueError:
        raise BadValue("invalid_cursor", "Not a cursor of the event log.") from None


PARAMETERS = {
    "after": _read_cursor,
    "project": read_id,
    "page_size": number(1, LARGEST_PAGE),
    "limit": number(1, LARGEST_PAGE),
}


class Events(ApiView):
    """`GET` what happened behind a cursor, in commit order, over everything one sees or in one `project`.

    `cursor` in the answer is where to go on from, also after an empty page; `next` is there while more has happened.
    `limit` is another name of `page_size`.
    """

    hot = frozenset({"get"})

    @operation("poll_events", query=PARAMETERS, gives=plain(EventsOut, headers=("Link",)), refuses=(404,))
    def get(self, request: Request) -> HttpResponse:
        """List the events behind `after`, or from the first one."""
        asked = read_query(request, PARAMETERS)
        size = asked.get("page_size", asked.get("limit", PAGE_SIZE))
        try:
            page = poll_events(self.actor, asked.get("after"), size, project_id=asked.get("project"))
        except UnknownCursor as error:
            raise bad_query((FieldError("?after", error.code, error.detail),)) from None
        next_url = _next_url(request, asked, page)
        envelope = EventsOut(page.events, next_url, None, str(page.cursor))
        return json_response(envelope, headers={"Link": f'<{next_url}>; rel="next"'} if next_url else None)


def _next_url(request: Request, asked: Mapping[str, Any], page: EventPage) -> str | None:
    if not page.has_more:
        return None
    query = urlencode({**asked, "after": page.cursor})
    return request.build_absolute_uri(f"{request.path}?{query}")
