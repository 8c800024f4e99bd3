"""`/api/issue/` and `/api/issue/{id}/`: the tasks of the project behind this dialect."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from baton.core.commands.task_creation import create_task
from baton.core.commands.tasks import edit_task, trash_task
from baton.core.errors import NotFound
from baton.core.queries.brief_tasks import BriefTask, get_brief_task, list_brief_tasks
from baton.surfaces.dialects.issuetracker.mapping import issues_place, issues_project, show_issue
from baton.surfaces.dialects.issuetracker.schemas import IssueIn, read_issue
from baton.surfaces.dialects.issuetracker.view import IssueTrackerView
from baton.surfaces.wire.respond import no_content
from baton.surfaces.wire.routes import find_id


class Issues(IssueTrackerView):
    """All issues of everybody, the oldest first."""

    name = "Issue List"

    def get(self, _request: Request) -> Response:
        """List them: a bare array, without pages or filters."""
        return Response([show_issue(task) for task in list_brief_tasks(self.actor, issues_place(), {})])

    def post(self, request: Request) -> Response:
        """Create an issue: 201 with it."""
        fields = read_issue(request.data)
        task = create_task(self.actor, issues_project(self.actor), fields)
        return Response(show_issue(get_brief_task(self.actor, issues_place(), task.pk)), 201)

    def get_serializer(self, *_args: Any, **_kwargs: Any) -> serializers.Serializer[Any]:
        """Return the form of the page."""
        return IssueIn()


class Issue(IssueTrackerView):
    """One issue: everybody reads it, who created it changes it."""

    name = "Issue Instance"
    shown: dict[str, object] | None = None

    def get(self, _request: Request, issue_id: str) -> Response:
        """Show the issue."""
        return self._show(self._find(issue_id))

    def put(self, request: Request, issue_id: str) -> Response:
        """Replace title, description, status and assignee, all of which are needed."""
        return self._change(request, issue_id, partial=False)

    def patch(self, request: Request, issue_id: str) -> Response:
        """Change what is sent."""
        return self._change(request, issue_id, partial=True)

    def delete(self, _request: Request, issue_id: str) -> HttpResponse:
        """Put the issue into the trash: 204."""
        trash_task(self.actor, self._find(issue_id).id)
        return no_content()

    def get_object(self) -> BriefTask:
        """Return the issue, for the framework's description of a PUT."""
        return self._find(self.kwargs["issue_id"])

    def get_serializer(self, *_args: Any, **_kwargs: Any) -> serializers.Serializer[Any]:
        """Return the form of the page, filled with what the page shows anyhow."""
        return IssueIn(self.shown)

    def _change(self, request: Request, issue_id: str, *, partial: bool) -> Response:
        present = self._find(issue_id)
        try:
            fields = read_issue(request.data, present, partial=partial)
        except ValidationError:
            # Who may not change the issue hears that, and not what was wrong with the change.
            edit_task(self.actor, present.id, {})
            raise
        edit_task(self.actor, present.id, fields)
        return self._show(self._find(issue_id))

    def _find(self, issue_id: str) -> BriefTask:
        task_id = find_id(issue_id)
        if task_id is None:
            raise NotFound
        return get_brief_task(self.actor, issues_place(), task_id)

    def _show(self, task: BriefTask) -> Response:
        self.shown = show_issue(task)
        return Response(self.shown)
