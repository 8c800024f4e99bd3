"""Counts over tasks: `/api/tasks/statistics/`."""

from __future__ import annotations

from django.http import HttpResponse
from rest_framework.request import Request

from baton.core.queries.statistics import get_statistics
from baton.surfaces.api.view import ApiView
from baton.surfaces.wire.query_parameters import read_id, read_query
from baton.surfaces.wire.respond import json_response


class TaskStatistics(ApiView):
    """`GET` the counts over all tasks one sees, or those of one `project`."""

    def get(self, request: Request) -> HttpResponse:
        """Count the tasks."""
        parameters = read_query(request, {"project": read_id})
        return json_response(get_statistics(self.actor, parameters.get("project")))
