"""Who asks: the browser's session first, then `Authorization: Token <40 hex>`."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from rest_framework.request import Request

from baton.core.actor import Actor
from baton.surfaces.dialects.tasktable.dialect import NAME
from baton.surfaces.wire.credentials import Authenticated, SessionCookie
from baton.surfaces.wire.dialects.lasting_tokens import LastingToken
from baton.surfaces.wire.request_ids import request_id_of


class TableSession(SessionCookie):
    """Django's session cookie, with its CSRF token on everything that changes something, logging in and out too."""

    def authenticate(self, request: Request) -> Authenticated | None:
        """Return who is logged in; None where nobody is. Raises PermissionDenied without the CSRF token."""
        found = super().authenticate(request)
        return None if found is None else (replace(found[0], surface=NAME), found[1])


class TableToken(LastingToken):
    """This dialect's tokens."""

    dialect: ClassVar[str] = NAME


def nobody(request: Request) -> Actor:
    """Return the actor of somebody who has not shown yet who they are: it tells only the way in."""
    return Actor(None, surface=NAME, request_id=request_id_of(request))
