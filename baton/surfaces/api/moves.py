"""Moving a task: `/api/tasks/{id}/move/`."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from baton.core.commands.task_moves import Place, move_task
from baton.core.models import Status
from baton.core.queries import shapes
from baton.surfaces.api.tasks import task_response
from baton.surfaces.api.view import ApiView
from baton.surfaces.wire.etags import required_version
from baton.surfaces.wire.fields import Id
from baton.surfaces.wire.inputs import In
from baton.surfaces.wire.operations import one, operation


class MoveIn(In):
    """Where the task shall be; without `before` and `after`, at the end of its column."""

    example: ClassVar = {"status": "review", "before": 2}

    status = serializers.ChoiceField(Status.values, required=False)
    before = Id(required=False)
    after = Id(required=False)
    project = Id(required=False)


class TaskMove(ApiView):
    """`POST` where a task shall be."""

    @operation("move_task", takes=MoveIn, gives=one(shapes.Task), if_match=True)
    def post(self, request: Request, task_id: int) -> HttpResponse:
        """Move the task: 200 with it."""
        place = place_of(MoveIn.read(request))
        move_task(self.actor, task_id, place, expected_version=required_version(request))
        return task_response(request, self.actor, task_id)


def place_of(values: dict[str, Any]) -> Place:
    """Return the place that a `MoveIn` tells."""
    return Place(values.get("status"), values.get("before"), values.get("after"), values.get("project"))
