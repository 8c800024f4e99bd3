"""Projects: `/api/projects/` and `/api/projects/{id}/` with `statistics/`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, cast

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from baton.core.actor import Actor
from baton.core.commands.projects import KEY, NAME_LENGTH, ProjectFields, create_project, edit_project, trash_project
from baton.core.models.project import Visibility
from baton.core.queries import shapes
from baton.core.queries.projects import count_projects, get_project, list_projects
from baton.core.queries.statistics import get_statistics
from baton.surfaces.api.view import ApiView, page_of, resource_response, slice_response
from baton.surfaces.wire.etags import required_version
from baton.surfaces.wire.fields import Bool, Text
from baton.surfaces.wire.inputs import In
from baton.surfaces.wire.operations import many, new, one, operation
from baton.surfaces.wire.paging import Listing
from baton.surfaces.wire.query_parameters import read_query
from baton.surfaces.wire.respond import json_response, no_content

LISTING = Listing(
    filters={},
    orderings={
        "created_at": (datetime, int),
        "updated_at": (datetime, int),
        "name": (str, int),
        "key": (str, int),
    },
    default="-created_at",
)


class ProjectIn(In):
    """What may be said of a project. Without a key it gets, or keeps, one of its own."""

    echo = frozenset(shapes.Project.__struct_fields__)
    example: ClassVar = {"name": "Garden", "key": "GRD", "description": "All that grows.", "visibility": "private"}

    key = Text(required=False, says={"pattern": f"^{KEY}$"})
    name = Text(max_length=NAME_LENGTH)
    description = Text(default="", allow_blank=True, null_as="")
    visibility = serializers.ChoiceField(Visibility.values, default=Visibility.PRIVATE.value)
    assignees_edit = Bool(default=False)
    unique_titles = Bool(default=False)
    creators_decide = Bool(default=False)


class Projects(ApiView):
    """`GET` the projects one sees, newest first; `POST` a new one."""

    @operation("list_projects", query=LISTING, gives=many(shapes.Project))
    def get(self, request: Request) -> HttpResponse:
        """List projects by ordering and page."""
        _, page = LISTING.read(request)
        found = list_projects(self.actor, page.ordering, page_of(page))
        return slice_response(request, page, found, count_projects(self.actor) if page.count else None)

    @operation("create_project", takes=ProjectIn, gives=new(shapes.Project))
    def post(self, request: Request) -> HttpResponse:
        """Make a project: 201 with it; the caller owns it."""
        project = create_project(self.actor, _fields(ProjectIn.read(request)))
        return _response(request, self.actor, project.pk, status=201)


class Project(ApiView):
    """One project: `GET`, `PUT`, `PATCH` (a merge patch), `DELETE` (into the trash)."""

    @operation("get_project", gives=one(shapes.Project))
    def get(self, request: Request, project_id: int) -> HttpResponse:
        """Show the project."""
        return _response(request, self.actor, project_id)

    @operation("replace_project", takes=ProjectIn, gives=one(shapes.Project), if_match=True)
    def put(self, request: Request, project_id: int) -> HttpResponse:
        """Replace what may be written; what is not sent gets its default."""
        return self._edit(request, project_id)

    @operation("edit_project", takes=ProjectIn, gives=one(shapes.Project), if_match=True)
    def patch(self, request: Request, project_id: int) -> HttpResponse:
        """Change what is sent."""
        return self._edit(request, project_id)

    @operation("trash_project", if_match=True)
    def delete(self, request: Request, project_id: int) -> HttpResponse:
        """Put the project with all that is in it into the trash: 204."""
        trash_project(self.actor, project_id, expected_version=required_version(request))
        return no_content()

    def _edit(self, request: Request, project_id: int) -> HttpResponse:
        fields = _fields(ProjectIn.read(request))
        edit_project(self.actor, project_id, fields, expected_version=required_version(request))
        return _response(request, self.actor, project_id)


class ProjectStatistics(ApiView):
    """`GET` counts over a project's tasks."""

    @operation("get_project_statistics", gives=shapes.Statistics, refuses=(400,))
    def get(self, request: Request, project_id: int) -> HttpResponse:
        """Show the counts."""
        read_query(request, {})
        return json_response(get_statistics(self.actor, project_id))


def _fields(values: dict[str, Any]) -> ProjectFields:
    return cast(ProjectFields, values)  # ProjectIn holds the same names


def _response(request: Request, actor: Actor, project_id: int, *, status: int = 200) -> HttpResponse:
    project = get_project(actor, project_id)
    location = f"/api/projects/{project.id}/" if status == 201 else None
    return resource_response(request, project, project.version, project.tasks_count, status=status, location=location)
