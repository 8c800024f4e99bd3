"""One's own open sessions: `/api/auth/sessions/` and `/api/auth/sessions/{id}/`."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from rest_framework.request import Request

from baton.core.commands.sessions import end_session
from baton.core.queries import shapes
from baton.core.queries.sessions import count_sessions, list_sessions
from baton.surfaces.api.view import ApiView, page_of, slice_response
from baton.surfaces.wire.operations import many, operation
from baton.surfaces.wire.paging import Listing
from baton.surfaces.wire.respond import no_content

LISTING = Listing(filters={}, orderings={"created_at": (datetime, int)}, default="-created_at")


class Sessions(ApiView):
    """`GET` where one is logged in."""

    @operation("list_sessions", query=LISTING, gives=many(shapes.Session))
    def get(self, request: Request) -> HttpResponse:
        """List the open sessions, the newest first."""
        _, page = LISTING.read(request)
        found = list_sessions(self.actor, page.ordering, page_of(page))
        return slice_response(request, page, found, count_sessions(self.actor) if page.count else None)


class Session(ApiView):
    """One session: `DELETE` logs it out."""

    @operation("end_session")
    def delete(self, request: Request, session_id: int) -> HttpResponse:
        """End the session: 204; its tokens die at once."""
        end_session(self.actor, session_id)
        return no_content()
