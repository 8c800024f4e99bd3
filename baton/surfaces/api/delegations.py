"""Handing tasks on: `/api/tasks/{id}/delegations/` and `/api/delegations/{id}/`."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from baton.core.actor import Actor
from baton.core.commands.task_delegation import ANSWERS, NOTE_LENGTH, answer_delegation, delegate_task
from baton.core.queries import shapes
from baton.core.queries.delegations import count_delegations, get_delegation, list_delegations
from baton.surfaces.api.view import ApiView, page_of, resource_response, slice_response
from baton.surfaces.wire.etags import required_version
from baton.surfaces.wire.fields import PersonId, Text
from baton.surfaces.wire.inputs import In
from baton.surfaces.wire.operations import many, new, one, operation
from baton.surfaces.wire.paging import Listing

LISTING = Listing(filters={}, orderings={"created_at": (datetime, int)}, default="created_at")
READ_ONLY = frozenset(shapes.Delegation.__struct_fields__)


class DelegationIn(In):
    """Whom a task is handed to, with a word to them."""

    echo = READ_ONLY
    example: ClassVar = {"to": 1, "note": "You know the garden better."}

    to = PersonId()
    note = Text(default="", allow_blank=True, null_as="", max_length=NOTE_LENGTH)


class AnswerIn(In):
    """What the receiver answers, with a word to the giver."""

    echo = READ_ONLY
    example: ClassVar = {"state": "accepted", "note": "Gladly."}

    state = serializers.ChoiceField([state.value for state in ANSWERS])
    note = Text(default="", allow_blank=True, null_as="", max_length=NOTE_LENGTH)


class TaskDelegations(ApiView):
    """`GET` the chain of a task's delegations, oldest first; `POST` hands the task on."""

    @operation("list_delegations", query=LISTING, gives=many(shapes.Delegation))
    def get(self, request: Request, task_id: int) -> HttpResponse:
        """List the delegations by page."""
        _, page = LISTING.read(request)
        found = list_delegations(self.actor, task_id, page.ordering, page_of(page))
        return slice_response(request, page, found, count_delegations(self.actor, task_id) if page.count else None)

    @operation("delegate_task", takes=DelegationIn, gives=new(shapes.Delegation))
    def post(self, request: Request, task_id: int) -> HttpResponse:
        """Hand the task on: 201 with the delegation."""
        values = DelegationIn.read(request)
        delegation = delegate_task(self.actor, task_id, values["to"], values["note"])
        return _delegation_response(request, self.actor, delegation.pk, status=201)


class Delegation(ApiView):
    """One delegation: `GET`; `PATCH` answers it."""

    @operation("get_delegation", gives=one(shapes.Delegation))
    def get(self, request: Request, delegation_id: int) -> HttpResponse:
        """Show the delegation."""
        return _delegation_response(request, self.actor, delegation_id)

    @operation(
        "answer_delegation", takes=AnswerIn, partial=False, gives=one(shapes.Delegation), if_match=True, refuses=(409,)
    )
    def patch(self, request: Request, delegation_id: int) -> HttpResponse:
        """Accept, decline or return what was handed on."""
        values = AnswerIn.read(request, partial=False)
        expected = required_version(request)
        answer_delegation(self.actor, delegation_id, values["state"], values["note"], expected_version=expected)
        return _delegation_response(request, self.actor, delegation_id)


def _delegation_response(request: Request, actor: Actor, delegation_id: int, *, status: int = 200) -> HttpResponse:
    delegation = get_delegation(actor, delegation_id)
    location = f"/api/delegations/{delegation.id}/" if status == 201 else None
    return resource_response(request, delegation, delegation.version, status=status, location=location)
