"""`Authorization: Token <40 hex>`: the lasting tokens of dialects, in the framework's own form."""

from __future__ import annotations

from typing import ClassVar

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from baton.core.actor import Actor
from baton.core.queries.dialect_tokens import find_live_dialect_token
from baton.surfaces.wire.credentials import Authenticated
from baton.surfaces.wire.request_ids import request_id_of


class LastingToken(BaseAuthentication):
    """Looks up whose token it is. A dialect's subclass says `dialect`, whose tokens alone are taken."""

    dialect: ClassVar[str]

    def authenticate(self, request: Request) -> Authenticated | None:
        """Return who holds the token; None under another scheme. Raises AuthenticationFailed."""
        words = request.META.get("HTTP_AUTHORIZATION", "").split()
        if not words or words[0].lower() != "token":
            return None
        if len(words) == 1:
            raise AuthenticationFailed("Invalid token header. No credentials provided.")
        if len(words) > 2:
            raise AuthenticationFailed("Invalid token header. Token string should not contain spaces.")
        found = find_live_dialect_token(words[1], self.dialect)
        if found is None:
            raise AuthenticationFailed("Invalid token.")
        actor = Actor(
            found.user_id, epoch=found.epoch, surface=self.dialect, request_id=request_id_of(request), is_live=True
        )
        return actor, None

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge of a 401."""
        return "Token"
