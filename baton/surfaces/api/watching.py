"""Watching a task: `/api/tasks/{id}/watch/`."""

from __future__ import annotations

from django.http import HttpResponse
from rest_framework.request import Request

from baton.core.commands.task_watching import unwatch_task, watch_task
from baton.surfaces.api.view import ApiView
from baton.surfaces.wire.operations import operation
from baton.surfaces.wire.respond import no_content


class TaskWatch(ApiView):
    """`PUT` to hear about the task, `DELETE` to hear no more of it; either twice is once."""

    @operation("watch_task")
    def put(self, request: Request, task_id: int) -> HttpResponse:
        """Watch the task: 204."""
        watch_task(self.actor, task_id)
        return no_content()

    @operation("unwatch_task")
    def delete(self, request: Request, task_id: int) -> HttpResponse:
        """Stop watching the task: 204."""
        unwatch_task(self.actor, task_id)
        return no_content()
