"""A project's board: `/api/projects/{id}/board/`."""

from __future__ import annotations

from django.http import HttpResponse
from rest_framework.request import Request

from baton.core.queries import shapes
from baton.core.queries.board import get_board
from baton.surfaces.api.view import ApiView
from baton.surfaces.wire.operations import operation
from baton.surfaces.wire.query_parameters import one_of, read_query
from baton.surfaces.wire.respond import json_response

PARAMETERS = {"done": one_of("all")}


class ProjectBoard(ApiView):
    """`GET` the tasks by status column, in rank order."""

    hot = frozenset({"get"})

    @operation("get_board", query=PARAMETERS, gives=shapes.Board)
    def get(self, request: Request, project_id: int) -> HttpResponse:
        """Show the board. Of the done tasks it has the last 50 completed; with `?done=all` all, up to 1,000."""
        done = read_query(request, PARAMETERS).get("done")
        return json_response(get_board(self.actor, project_id, with_all_done=done == "all"))
