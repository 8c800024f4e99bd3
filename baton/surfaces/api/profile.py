"""One's own account: `/api/auth/profile/`."""

from __future__ import annotations

from typing import cast

from django.http import HttpResponse
from rest_framework.request import Request

from baton.core.actor import Actor
from baton.core.commands.accounts import NAME_LENGTH, ProfileFields, change_profile
from baton.core.queries import shapes
from baton.core.queries.users import get_profile
from baton.surfaces.api.view import ApiView, resource_response
from baton.surfaces.wire.etags import required_version
from baton.surfaces.wire.fields import Text
from baton.surfaces.wire.inputs import In
from baton.surfaces.wire.views import Access


class ProfileIn(In):
    """What people may say of themselves. Null clears: no address, no name, the default zone and language."""

    echo = frozenset(shapes.Profile.__struct_fields__)

    username = Text()
    email = Text(allow_null=True, default=None)
    name = Text(max_length=NAME_LENGTH, default="", allow_blank=True, null_as="")
    timezone = Text(default="UTC", null_as="UTC")
    language = Text(default="en", null_as="en")


class Profile(ApiView):
    """`GET` one's own profile; `PUT` replaces it, `PATCH` (a merge patch) changes what is sent."""

    access = Access.OWN_ACCOUNT
    administers = frozenset({"put", "patch"})

    def get(self, request: Request) -> HttpResponse:
        """Show the profile."""
        return _response(request, self.actor)

    def put(self, request: Request) -> HttpResponse:
        """Replace what may be written; what is not sent gets its default."""
        return self._change(request)

    def patch(self, request: Request) -> HttpResponse:
        """Change what is sent."""
        return self._change(request)

    def _change(self, request: Request) -> HttpResponse:
        fields = cast(ProfileFields, ProfileIn.read(request))  # they hold the same names
        change_profile(self.actor, fields, expected_version=required_version(request))
        return _response(request, self.actor)


def _response(request: Request, actor: Actor) -> HttpResponse:
    profile, version = get_profile(actor.person)
    return resource_response(request, profile, version)
