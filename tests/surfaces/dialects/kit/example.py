"""A small dialect for the kit's own tests."""

from __future__ import annotations

from typing import Any

from django.urls import path
from rest_framework import serializers
from rest_framework.renderers import BrowsableAPIRenderer, JSONRenderer
from rest_framework.response import Response

from baton.core.errors import FieldError, Invalid
from baton.surfaces.wire.dialects.dialect import Dialect
from baton.surfaces.wire.dialects.lasting_tokens import LastingToken
from baton.surfaces.wire.dialects.rest_errors import RestErrors
from baton.surfaces.wire.dialects.view import DialectView
from baton.surfaces.wire.views import Access

EXAMPLE = Dialect(
    "issuetracker",
    refuse=RestErrors(
        challenge="Token",
        fields={"/title": "name"},
        sentences={("/title", "taken"): "there is one already", "max_length": "too long"},
        details={"throttled": "slow down"},
    ),
)


class ExampleToken(LastingToken):
    dialect = "issuetracker"


class ExampleView(DialectView):
    dialect = EXAMPLE
    authentication_classes = (ExampleToken,)
    renderer_classes = (JSONRenderer, BrowsableAPIRenderer)


class NameIn(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=5)
    size = serializers.IntegerField()


class Things(ExampleView):
    def get(self, request: Any) -> Response:
        return Response({"who": self.actor.user_id, "surface": self.actor.surface})

    def post(self, request: Any) -> Response:
        shape = NameIn(data=request.data)
        shape.is_valid(raise_exception=True)
        if shape.validated_data["name"] == "taken":
            errors = [FieldError("/title", "taken", "The title is taken."), FieldError("/size", "big", "Too big.")]
            raise Invalid(errors=errors)
        raise RuntimeError("a bug")


class Open(ExampleView):
    access = Access.PUBLIC

    def get(self, request: Any) -> Response:
        return Response({"open": True})


urlpatterns = [path("issuetracker/things/", Things.as_view()), path("issuetracker/open/", Open.as_view())]

handler400 = "baton.surfaces.wire.last_resort.bad_request"
handler404 = "baton.surfaces.wire.last_resort.page_not_found"
handler500 = "baton.surfaces.wire.last_resort.server_error"
