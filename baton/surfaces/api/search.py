"""`/api/search/`: everything one sees, by words."""

from __future__ import annotations

from django.http import HttpResponse
from rest_framework.request import Request

from baton.core.errors import FieldError
from baton.core.queries import shapes
from baton.core.queries.search import RELEVANT_FIRST, count_found, search
from baton.surfaces.api.search_words import read_search
from baton.surfaces.api.view import ApiView, page_of, slice_response
from baton.surfaces.wire.operations import many, operation
from baton.surfaces.wire.paging import Listing
from baton.surfaces.wire.query_parameters import read_id
from baton.surfaces.wire.refusals import bad_query

LISTING = Listing(
    filters={"q": read_search, "project": read_id},
    orderings={"relevance": (int, int)},
    default=RELEVANT_FIRST,
)


class Search(ApiView):
    """`GET ?q=words`: the tasks with them, and where in each they stand."""

    @operation("search", query=LISTING, needs=("q",), gives=many(shapes.Found), refuses=(404,))
    def get(self, request: Request) -> HttpResponse:
        """Search, the most relevant first."""
        parameters, page = LISTING.read(request)
        if "q" not in parameters:
            raise bad_query((FieldError("?q", "required", "Say what to look for."),))
        words, project_id = parameters["q"], parameters.get("project")
        found = search(self.actor, words, project_id, page.ordering, page_of(page))
        return slice_response(request, page, found, count_found(self.actor, words, project_id) if page.count else None)
