"""A bearer token that names a user, who is loaded for every request."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from django.conf import settings
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from bench.reference.tasks.models import User


class JWTAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, dict[str, Any]] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        if len(parts) != 2:
            raise AuthenticationFailed("Invalid Authorization header.")
        try:
            claims = jwt.decode(parts[1], settings.SECRET_KEY, algorithms=["HS256"])
            user = User.objects.get(pk=claims["user_id"])
        except (jwt.PyJWTError, KeyError, User.DoesNotExist) as error:
            raise AuthenticationFailed("Invalid token.") from error
        if not user.is_active:
            raise AuthenticationFailed("User is inactive.")
        return user, claims

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def access_token(user: User) -> str:
    now = datetime.now(UTC)
    claims = {"user_id": user.pk, "iat": now, "exp": now + timedelta(minutes=15)}
    return jwt.encode(claims, settings.SECRET_KEY, "HS256")
