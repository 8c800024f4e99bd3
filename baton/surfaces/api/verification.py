"""Verifying an address: `/api/auth/verify-email/` and `verify-email/resend/`."""

from __future__ import annotations

from typing import ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from baton.core.commands.verification import request_verification, verify_email
from baton.surfaces.api.public import PROOF_LENGTH, PublicView, nobody
from baton.surfaces.wire.fields import Text
from baton.surfaces.wire.inputs import In
from baton.surfaces.wire.operations import operation
from baton.surfaces.wire.proxies import network
from baton.surfaces.wire.respond import no_content

EMAIL_LENGTH = 254


class VerifyEmailIn(In):
    """What the letter says."""

    example: ClassVar = {"token": "7.1vMdEf.AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE"}

    token = Text(max_length=PROOF_LENGTH)


class ResendIn(In):
    """Where to send the letter once more."""

    example: ClassVar = {"email": "olga@example.org"}

    email = Text(max_length=EMAIL_LENGTH)


class VerifyEmail(PublicView):
    """`POST` the token of the letter."""

    @operation("verify_email", takes=VerifyEmailIn, refuses=(429,))
    def post(self, request: Request) -> HttpResponse:
        """Answer 204; the token is good once."""
        verify_email(nobody(request), VerifyEmailIn.read(request)["token"], network(request))
        return no_content()


class ResendVerification(PublicView):
    """`POST` an address for another letter."""

    @operation("request_verification", takes=ResendIn, refuses=(429,))
    def post(self, request: Request) -> HttpResponse:
        """Answer 204, whether or not an account has the address."""
        request_verification(nobody(request), ResendIn.read(request)["email"], network(request))
        return no_content()
