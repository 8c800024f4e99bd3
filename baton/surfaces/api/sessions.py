"""One's own open sessions: `/api/auth/sessions/` and `/api/auth/sessions/{id}/`."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from rest_framework.request import Request

from baton.core.commands.all_sessions import log_out_everywhere
from baton.core.commands.sessions import end_session
from baton.core.queries import shapes
from baton.core.queries.sessions import count_sessions, list_sessions
from baton.surfaces.api.view import ApiView, page_of, slice_response
from baton.surfaces.wire.operations import many, operation
from baton.surfaces.wire.paging import Listing
from baton.surfaces.wire.respond import no_content
from baton.surfaces.wire.views import Access

LISTING = Listing(filters={}, orderings={"created_at": (datetime, int)}, default="-created_at")


class Sessions(ApiView):
    """`GET` where one is logged in; `DELETE` logs out everywhere."""

    access = Access.OWN_ACCOUNT
    administers = frozenset({"get", "delete"})

    @operation("list_sessions", query=LISTING, gives=many(shapes.Session))
    def get(self, request: Request) -> HttpResponse:
        """List the open sessions, the newest first."""
        _, page = LISTING.read(request)
        found = list_sessions(self.actor, page.ordering, page_of(page))
        return slice_response(request, page, found, count_sessions(self.actor) if page.count else None)

    @operation("log_out_everywhere")
    def delete(self, request: Request) -> HttpResponse:
        """End every session and revoke every API token, the one that asks too: 204."""
        log_out_everywhere(self.actor)
        return no_content()


class Session(ApiView):
    """One session: `DELETE` logs it out."""

    access = Access.OWN_ACCOUNT
    administers = frozenset({"delete"})

    @operation("end_session")
    def delete(self, request: Request, session_id: int) -> HttpResponse:
        """End the session: 204; its tokens die at once."""
        end_session(self.actor, session_id)
        return no_content()
