"""Polling the event log: `/api/events/?after=<cursor>`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from msgspec import Struct
from rest_framework.request import Request

from baton.core.errors import FieldError
from baton.core.queries import shapes
from baton.core.queries.events import EventPage, UnknownCursor, poll_events
from baton.surfaces.api.view import ApiView
from baton.surfaces.wire.cursors import read_cursor
from baton.surfaces.wire.going_live import Invitation, credential_of, find_door, go_live
from baton.surfaces.wire.operations import operation, plain
from baton.surfaces.wire.paging import LARGEST_PAGE, PAGE_SIZE
from baton.surfaces.wire.query_parameters import number, read_id, read_query
from baton.surfaces.wire.refusals import bad_query
from baton.surfaces.wire.respond import json_response


class EventsOut(Struct):
    """Events in commit order, and the cursor to go on from."""

    results: list[shapes.Event]
    next: str | None
    previous: None
    cursor: str


LONGEST_WAIT = 25
PARAMETERS = {
    "after": read_cursor,
    "project": read_id,
    "page_size": number(1, LARGEST_PAGE),
    "limit": number(1, LARGEST_PAGE),
    "wait": number(0, LONGEST_WAIT),
}


class Events(ApiView):
    """`GET` what happened behind a cursor, in commit order, over everything one sees or in one `project`.

    `cursor` in the answer is where to go on from, also after an empty page; `next` is there while more has happened.
    `limit` is another name of `page_size`. With `wait` an empty page is only answered after so many seconds, or as soon
    as something happens; a server without the live side answers it at once.
    """

    hot = frozenset({"get"})

    @operation("poll_events", query=PARAMETERS, gives=plain(EventsOut, headers=("Link",)), refuses=(404, 429))
    def get(self, request: Request) -> HttpResponse:
        """List the events behind `after`, or from the first one."""
        asked = read_query(request, PARAMETERS)
        size = asked.get("page_size", asked.get("limit", PAGE_SIZE))
        try:
            page = poll_events(self.actor, asked.get("after"), size, project_id=asked.get("project"))
        except UnknownCursor as error:
            raise bad_query((FieldError("?after", error.code, error.detail),)) from None
        if not page.events and asked.get("wait"):
            self._wait(request, page, asked)
        next_url = _next_url(request, asked, page)
        envelope = EventsOut(page.events, next_url, None, str(page.cursor))
        return json_response(envelope, headers={"Link": f'<{next_url}>; rel="next"'} if next_url else None)

    def _wait(self, request: Request, page: EventPage, asked: Mapping[str, Any]) -> None:
        """Let the live side wait for the first event, where there is one, and then ask again."""
        door = find_door(request)
        if door is not None:
            project = asked.get("project")
            projects = None if project is None else frozenset({project})
            credential = credential_of(request, self.actor)
            go_live(door, Invitation(self.actor, credential, page.cursor, projects, float(asked["wait"])))


def _next_url(request: Request, asked: Mapping[str, Any], page: EventPage) -> str | None:
    if not page.has_more:
        return None
    query = urlencode({**asked, "after": page.cursor})
    return request.build_absolute_uri(f"{request.path}?{query}")
