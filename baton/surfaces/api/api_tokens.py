"""One's own API tokens: `/api/auth/tokens/` and `/api/auth/tokens/{id}/`."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, cast

import msgspec
from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from baton.core.commands.api_tokens import NAME_LENGTH, TokenFields, create_api_token, revoke_api_token
from baton.core.policies.credentials import SCOPES
from baton.core.queries import shapes
from baton.core.queries.api_tokens import count_api_tokens, get_api_token, list_api_tokens
from baton.surfaces.api.view import ApiView, page_of, slice_response
from baton.surfaces.wire.fields import Id, Moment, Text
from baton.surfaces.wire.inputs import In
from baton.surfaces.wire.operations import many, new, operation
from baton.surfaces.wire.paging import Listing
from baton.surfaces.wire.respond import json_response, no_content
from baton.surfaces.wire.views import Access

LISTING = Listing(filters={}, orderings={"created_at": (datetime, int)}, default="-created_at")


class ApiTokenIn(In):
    """What a new token shall be."""

    example: ClassVar = {"name": "Nightly report", "scopes": ["read"], "expires_at": "2099-12-31T00:00:00Z"}

    name = Text(max_length=NAME_LENGTH)
    scopes = serializers.ListField(child=serializers.ChoiceField(SCOPES), allow_empty=False, max_length=len(SCOPES))
    project = Id(required=False, allow_null=True, source="project_id")
    expires_at = Moment(required=False, allow_null=True)


class ApiTokens(ApiView):
    """`GET` one's tokens, `POST` a new one."""

    access = Access.OWN_ACCOUNT
    administers = frozenset({"get", "post"})
    idempotent = False

    @operation("list_api_tokens", query=LISTING, gives=many(shapes.ApiToken))
    def get(self, request: Request) -> HttpResponse:
        """List the tokens, the newest first, without their secrets."""
        _, page = LISTING.read(request)
        found = list_api_tokens(self.actor, page.ordering, page_of(page))
        return slice_response(request, page, found, count_api_tokens(self.actor) if page.count else None)

    @operation("create_api_token", takes=ApiTokenIn, gives=new(shapes.NewApiToken, tagged=False), refuses=(409,))
    def post(self, request: Request) -> HttpResponse:
        """Answer 201 with the token and its `secret`, which is never shown again."""
        fields = cast(TokenFields, ApiTokenIn.read(request))  # they hold the same names
        token, secret = create_api_token(self.actor, fields)
        shown = get_api_token(self.actor, token.pk)
        answer = shapes.NewApiToken(**msgspec.structs.asdict(shown), secret=secret)
        return json_response(answer, 201, {"Location": f"/api/auth/tokens/{token.pk}/"})


class ApiToken(ApiView):
    """One token: `GET` shows it, `DELETE` revokes it."""

    access = Access.OWN_ACCOUNT
    administers = frozenset({"get", "delete"})

    @operation("get_api_token", gives=shapes.ApiToken)
    def get(self, request: Request, token_id: int) -> HttpResponse:
        """Show the token without its secret."""
        return json_response(get_api_token(self.actor, token_id))

    @operation("revoke_api_token")
    def delete(self, request: Request, token_id: int) -> HttpResponse:
        """Revoke the token: 204; its next request is refused."""
        revoke_api_token(self.actor, token_id)
        return no_content()
