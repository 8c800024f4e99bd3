"""`/api/user/get_auth_token/`."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from baton.core.commands.dialect_tokens import issue_dialect_token
from baton.core.commands.sessions import check_login
from baton.surfaces.dialects.issuetracker.auth import NAME, nobody
from baton.surfaces.dialects.issuetracker.schemas import LoginIn, read_login
from baton.surfaces.dialects.issuetracker.view import IssueTrackerView
from baton.surfaces.wire.dialects.rest_errors import NO_FIELD
from baton.surfaces.wire.proxies import network
from baton.surfaces.wire.views import Access


class GetAuthToken(IssueTrackerView):
    """Obtain the token that goes with every other request."""

    access = Access.PUBLIC
    name = "Obtain Auth Token"

    def get_serializer(self, *_args: Any, **_kwargs: Any) -> serializers.Serializer[Any]:
        """Return the form of the page."""
        return LoginIn()

    def post(self, request: Request) -> Response:
        """Answer with the token; alike for nobody's name and for a wrong password."""
        said = read_login(request.data)
        user = check_login(said["username"], said["password"], network(request))
        if user is None:
            raise ValidationError({NO_FIELD: ["Unable to log in with provided credentials."]})
        return Response({"token": issue_dialect_token(nobody(request), user, NAME)})
