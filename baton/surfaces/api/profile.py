"""One's own account: `/api/auth/profile/`."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.fields import SkipField
from rest_framework.request import Request

from baton.core.actor import Actor
from baton.core.commands.account_checks import LANGUAGES, USERNAME
from baton.core.commands.accounts import change_profile
from baton.core.commands.avatars import LARGEST, change_profile_and_avatar
from baton.core.commands.names import NAME_LENGTH, ProfileFields
from baton.core.queries import shapes
from baton.core.queries.users import get_profile
from baton.surfaces.api.view import ApiView, resource_response
from baton.surfaces.wire.etags import required_version
from baton.surfaces.wire.fields import Text
from baton.surfaces.wire.inputs import In
from baton.surfaces.wire.operations import MULTIPART, one, operation
from baton.surfaces.wire.respond import JSON
from baton.surfaces.wire.uploads import TakesFile
from baton.surfaces.wire.views import Access

A_USERNAME = {"pattern": f"^{USERNAME}$"}
AN_EMAIL = {"format": "email", "maxLength": 254}
A_TIMEZONE = {"description": "A name of the IANA time zone database.", "examples": ["Europe/Berlin"]}
A_LANGUAGE = {"description": f"One of: {', '.join(LANGUAGES)}."}


class Picture(serializers.FileField):
    """A file of a form. Null, or an empty text in a form, clears; the address that the profile shows is passed over."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Return the file or None. Raises SkipField for an address."""
        if isinstance(data, str):
            if data:
                raise SkipField
            return None
        return super().run_validation(data)


class ProfileIn(In):
    """What people may say of themselves. Null clears: no address, no name, the default zone and language."""

    echo = frozenset(shapes.Profile.__struct_fields__)
    example: ClassVar = {
        "username": "olga",
        "email": "olga@example.org",
        "name": "Olga",
        "timezone": "Europe/Berlin",
        "language": "ru",
    }

    username = Text(says=A_USERNAME)
    email = Text(allow_null=True, default=None, says=AN_EMAIL)
    name = Text(max_length=NAME_LENGTH, default="", allow_blank=True, null_as="")
    avatar = Picture(required=False, allow_null=True, allow_empty_file=True)
    timezone = Text(default="UTC", null_as="UTC", says=A_TIMEZONE)
    language = Text(default="en", null_as="en", says=A_LANGUAGE)


class Profile(TakesFile, ApiView):
    """`GET` one's own profile; `PUT` replaces it, `PATCH` (a merge patch) changes what is sent.

    The avatar comes as a file of a form; `PUT` leaves it as it is where it is not sent.
    """

    access = Access.OWN_ACCOUNT
    administers = frozenset({"put", "patch"})
    file_field = "avatar"
    file_methods: ClassVar[frozenset[str]] = frozenset({"PUT", "PATCH"})

    def largest_file(self) -> int:
        """Return the limit of an avatar."""
        return LARGEST

    @operation("get_profile", gives=one(shapes.Profile))
    def get(self, request: Request) -> HttpResponse:
        """Show the profile."""
        return _response(request, self.actor)

    @operation("replace_profile", takes=ProfileIn, sent_as=(JSON, MULTIPART), gives=one(shapes.Profile), if_match=True)
    def put(self, request: Request) -> HttpResponse:
        """Replace what may be written; what is not sent gets its default."""
        return self._change(request)

    @operation("edit_profile", takes=ProfileIn, sent_as=(JSON, MULTIPART), gives=one(shapes.Profile), if_match=True)
    def patch(self, request: Request) -> HttpResponse:
        """Change what is sent."""
        return self._change(request)

    def _change(self, request: Request) -> HttpResponse:
        if request.content_type.startswith("multipart/"):
            self.refuse_long_form()
        values = ProfileIn.read(request)
        expected = required_version(request)
        has_picture, picture = "avatar" in values, values.pop("avatar", None)
        fields = cast(ProfileFields, values)  # they hold the same names
        if has_picture:
            change_profile_and_avatar(
                self.actor, fields, cast("UploadedFile[bytes] | None", picture), expected_version=expected
            )
        else:
            change_profile(self.actor, fields, expected_version=expected)
        return _response(request, self.actor)


def _response(request: Request, actor: Actor) -> HttpResponse:
    profile, version = get_profile(actor.person)
    return resource_response(request, profile, version)
