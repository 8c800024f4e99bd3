"""Inviting people by e-mail: `/api/projects/{id}/invitations/` and `/api/invitations/accept/`."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from baton.core.commands.invitations import accept_invitation, invite, withdraw_invitation
from baton.core.models import Role
from baton.core.queries import shapes
from baton.core.queries.invitations import count_invitations, get_invitation, list_invitations
from baton.core.queries.projects import get_project
from baton.surfaces.api.public import PROOF_LENGTH
from baton.surfaces.api.view import ApiView, page_of, resource_response, slice_response
from baton.surfaces.wire.fields import Text
from baton.surfaces.wire.inputs import In
from baton.surfaces.wire.operations import many, new, one, operation
from baton.surfaces.wire.paging import Listing
from baton.surfaces.wire.proxies import network
from baton.surfaces.wire.respond import json_response, no_content
from baton.surfaces.wire.views import Access

LISTING = Listing(filters={}, orderings={"created_at": (datetime, int)}, default="-created_at")
EMAIL_LENGTH = 254


class InvitationIn(In):
    """Whom to invite, and as what."""

    example: ClassVar = {"email": "otto@example.org", "role": "editor"}

    email = Text(max_length=EMAIL_LENGTH)
    role = serializers.ChoiceField(Role.values, default=Role.EDITOR.value)


class AcceptIn(In):
    """What the letter says."""

    example: ClassVar = {"token": "7.1vMdEf.AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE"}

    token = Text(max_length=PROOF_LENGTH)


class Invitations(ApiView):
    """`GET` whom the project has invited, `POST` another; for its owners."""

    administers = frozenset({"get", "post"})

    @operation("list_invitations", query=LISTING, gives=many(shapes.Invitation))
    def get(self, request: Request, project_id: int) -> HttpResponse:
        """List the open invitations, the newest first."""
        _, page = LISTING.read(request)
        found = list_invitations(self.actor, project_id, page.ordering, page_of(page))
        count = count_invitations(self.actor, project_id) if page.count else None
        return slice_response(request, page, found, count)

    @operation("invite", takes=InvitationIn, gives=new(shapes.Invitation, tagged=False), refuses=(409,))
    def post(self, request: Request, project_id: int) -> HttpResponse:
        """Answer 201 with the invitation; a letter with its token goes to the address, and the token nowhere else."""
        values = InvitationIn.read(request)
        invitation = invite(self.actor, project_id, values["email"], values["role"])
        shown = get_invitation(self.actor, project_id, invitation.pk)
        return json_response(shown, 201, {"Location": f"/api/projects/{project_id}/invitations/{shown.id}/"})


class Invitation(ApiView):
    """One invitation: `DELETE` takes it back."""

    administers = frozenset({"get", "delete"})

    @operation("get_invitation", gives=shapes.Invitation)
    def get(self, request: Request, project_id: int, invitation_id: int) -> HttpResponse:
        """Show the invitation."""
        return json_response(get_invitation(self.actor, project_id, invitation_id))

    @operation("withdraw_invitation")
    def delete(self, request: Request, project_id: int, invitation_id: int) -> HttpResponse:
        """Take the invitation back: 204; the letter's token is void."""
        withdraw_invitation(self.actor, project_id, invitation_id)
        return no_content()


class AcceptInvitation(ApiView):
    """`POST` the token of a letter, as somebody whose verified address it was sent to."""

    access = Access.OWN_ACCOUNT
    administers = frozenset({"post"})
    # A wrong token is counted whatever becomes of the request, so not in the transaction of a kept answer.
    idempotent = False

    @operation("accept_invitation", takes=AcceptIn, gives=one(shapes.Project))
    def post(self, request: Request) -> HttpResponse:
        """Answer with the project that one is a member of now."""
        invitation = accept_invitation(self.actor, AcceptIn.read(request)["token"], network(request))
        project = get_project(self.actor, invitation.project_id)
        return resource_response(request, project, project.version, project.tasks_count)
