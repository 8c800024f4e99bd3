"""Counts over tasks: `/api/tasks/statistics/`."""

from __future__ import annotations

from django.http import HttpResponse
from rest_framework.request import Request

from baton.core.queries import shapes
from baton.core.queries.statistics import get_statistics
from baton.surfaces.api.view import ApiView
from baton.surfaces.wire.operations import operation
from baton.surfaces.wire.query_parameters import read_id, read_query
from baton.surfaces.wire.respond import json_response

PARAMETERS = {"project": read_id}


class TaskStatistics(ApiView):
    """`GET` the counts over all tasks one sees, or those of one `project`."""

    @operation("get_statistics", query=PARAMETERS, gives=shapes.Statistics, refuses=(404,))
    def get(self, request: Request) -> HttpResponse:
        """Count the tasks."""
        parameters = read_query(request, PARAMETERS)
        return json_response(get_statistics(self.actor, parameters.get("project")))
