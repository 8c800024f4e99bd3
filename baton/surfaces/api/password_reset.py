"""A forgotten password: `/api/auth/password-reset/` and `password-reset/confirm/`."""

from __future__ import annotations

from typing import ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from baton.core.commands.password_reset import request_password_reset, reset_password
from baton.core.errors import FieldError, Invalid
from baton.surfaces.api.public import PROOF_LENGTH, PublicView, nobody
from baton.surfaces.wire.fields import Text
from baton.surfaces.wire.inputs import In
from baton.surfaces.wire.operations import operation
from baton.surfaces.wire.proxies import network
from baton.surfaces.wire.respond import no_content

EMAIL_LENGTH = 254


class PasswordResetIn(In):
    """Whose password was forgotten."""

    example: ClassVar = {"email": "olga@example.org"}

    email = Text(max_length=EMAIL_LENGTH)


class ConfirmIn(In):
    """What the letter says, and the password to set; repeating that one is optional."""

    example: ClassVar = {
        "token": "7.1vMdEf.AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE",
        "new_password": "a lantern in fog",
    }

    token = Text(max_length=PROOF_LENGTH)
    new_password = Text()
    new_password_confirm = Text(required=False)


class PasswordReset(PublicView):
    """`POST` an address for a letter by which a password can be set."""

    @operation("request_password_reset", takes=PasswordResetIn, refuses=(429,))
    def post(self, request: Request) -> HttpResponse:
        """Answer 204, whether or not an account has the address."""
        request_password_reset(nobody(request), PasswordResetIn.read(request)["email"], network(request))
        return no_content()


class ConfirmPasswordReset(PublicView):
    """`POST` the token of the letter with a new password."""

    @operation("reset_password", takes=ConfirmIn, refuses=(429,))
    def post(self, request: Request) -> HttpResponse:
        """Answer 204; every session and API token of the user has ended, and the token is used up."""
        values = ConfirmIn.read(request)
        new = values["new_password"]
        if values.get("new_password_confirm", new) != new:
            raise Invalid(errors=[FieldError("/new_password_confirm", "mismatch", "Passwords don't match")])
        reset_password(nobody(request), values["token"], new, network(request))
        return no_content()
