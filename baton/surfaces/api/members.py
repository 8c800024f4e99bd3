"""Who belongs to a project: `/api/projects/{id}/members/`, `add_member/` and `members/{user_id}/`."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Literal

from django.http import HttpResponse
from msgspec import Struct
from rest_framework import serializers
from rest_framework.request import Request

from baton.core.commands.members import USER_NOT_FOUND, add_member, change_role, remove_member
from baton.core.errors import NotFound
from baton.core.models import Role
from baton.core.queries import shapes
from baton.core.queries.projects import count_members, get_member, list_members
from baton.core.queries.users import Handle
from baton.surfaces.api.either import EitherIn, sent_of
from baton.surfaces.api.view import ApiView, page_of, slice_response
from baton.surfaces.wire.fields import Id, Text
from baton.surfaces.wire.inputs import In
from baton.surfaces.wire.operations import many, operation
from baton.surfaces.wire.paging import Listing
from baton.surfaces.wire.problems import problem
from baton.surfaces.wire.respond import json_response, no_content

LISTING = Listing(filters={}, orderings={"created_at": (datetime, int)}, default="created_at")


class AddMemberIn(EitherIn):
    """Whom to add, by one handle, and as what; a new member is an editor unless said otherwise."""

    either = ("user_id", "username", "email")
    example: ClassVar = {"username": "otto", "role": "viewer"}

    user_id = Id(required=False)
    username = Text(required=False)
    email = Text(required=False)
    role = serializers.ChoiceField(Role.values, required=False)


class RoleIn(In):
    """The role a member shall have."""

    echo = frozenset(shapes.Member.__struct_fields__)
    example: ClassVar = {"role": "editor"}

    role = serializers.ChoiceField(Role.values)


class AddedOut(Struct):
    """That it was done."""

    status: Literal["member added"]


class AddMember(ApiView):
    """`POST` a user who shall belong to the project."""

    administers = frozenset({"post"})

    @operation("add_member_alias", takes=AddMemberIn, gives=AddedOut)
    def post(self, request: Request, project_id: int) -> HttpResponse:
        """Answer that the member was added; a member already gets the role that is sent."""
        values = AddMemberIn.read(request)
        kind, value = sent_of(values, AddMemberIn.either)
        try:
            add_member(self.actor, project_id, Handle(kind, value), values.get("role"))  # type: ignore[arg-type]  # AddMemberIn's fields are the kinds
        except NotFound as error:
            if error.code != "user_not_found":
                raise
            return problem(request, 404, error.code, error.detail, error.errors, extra={"error": USER_NOT_FOUND})
        return json_response(AddedOut("member added"))


class Members(AddMember):
    """`GET` the members, who joined first comes first; `POST` adds one."""

    @operation("list_members", query=LISTING, gives=many(shapes.Member))
    def get(self, request: Request, project_id: int) -> HttpResponse:
        """List the members by page."""
        _, page = LISTING.read(request)
        found = list_members(self.actor, project_id, page.ordering, page_of(page))
        return slice_response(request, page, found, count_members(self.actor, project_id) if page.count else None)

    @operation("add_member", takes=AddMemberIn, gives=AddedOut)
    def post(self, request: Request, project_id: int) -> HttpResponse:
        """Add a member, or give one another role."""
        return super().post(request, project_id)


class Member(ApiView):
    """One member: `GET`, `PATCH` the role, `DELETE` takes them out.

    Without a tag: what can be changed is one word, and who sends it means it whatever stood there before.
    """

    administers = frozenset({"patch", "delete"})

    @operation("get_member", gives=shapes.Member)
    def get(self, request: Request, project_id: int, user_id: int) -> HttpResponse:
        """Show the member."""
        return json_response(get_member(self.actor, project_id, user_id))

    @operation("change_role", takes=RoleIn, partial=False, gives=shapes.Member, refuses=(409,))
    def patch(self, request: Request, project_id: int, user_id: int) -> HttpResponse:
        """Give the member another role."""
        role = RoleIn.read(request, partial=False)["role"]
        change_role(self.actor, project_id, user_id, role)
        return json_response(get_member(self.actor, project_id, user_id))

    @operation("remove_member", refuses=(409,))
    def delete(self, request: Request, project_id: int, user_id: int) -> HttpResponse:
        """Take the member out: 204. Everybody may leave; only owners take out others."""
        remove_member(self.actor, project_id, user_id)
        return no_content()
