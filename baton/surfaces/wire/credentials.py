"""The native credentials: the Bearer token of an `Authorization` header, and the session cookie of a browser."""

from __future__ import annotations

from datetime import timedelta
from time import time

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from baton.core.actor import Actor
from baton.core.models import Session, User
from baton.surfaces.wire.api_tokens import actor_of_api_token, is_api_token
from baton.surfaces.wire.refusals import REALM
from baton.surfaces.wire.tokens import ISSUER, BadToken, Claims, Kind, read, sign

AUDIENCE = "native"
ACCESS_LIFETIME = timedelta(minutes=15)
REFRESH_LIFETIME = timedelta(days=30)

Authenticated = tuple[Actor, object]


class BearerToken(BaseAuthentication):
    """`Authorization: Bearer <access token or API token>` (RFC 6750), for an API token also `Token`."""

    def authenticate(self, request: Request) -> Authenticated | None:
        """Return who holds the token; None where the header is absent. Raises AuthenticationFailed."""
        header = request.META.get("HTTP_AUTHORIZATION")
        if header is None:
            return None
        scheme, _, token = header.partition(" ")
        if is_api_token(scheme, token.strip()):
            return actor_of_api_token(token.strip(), request), None
        if scheme.lower() != "bearer":
            raise exceptions.AuthenticationFailed("The Authorization header must be of the Bearer scheme.")
        try:
            claims = read_native(token.strip(), "access")
        except BadToken:
            raise exceptions.AuthenticationFailed("The token is not valid or has run out.") from None
        return actor_of(claims, request), claims

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge of a 401."""
        return REALM


class SessionCookie(BaseAuthentication):
    """Django's session cookie, with its CSRF token on everything that changes something."""

    def authenticate(self, request: Request) -> Authenticated | None:
        """Return who is logged in; None where nobody is. Raises PermissionDenied without the CSRF token."""
        user = getattr(request._request, "user", None)
        if not isinstance(user, User) or not user.is_active:
            return None
        _check_csrf(request)
        # Django has just loaded the user and compared the session's hash of the password.
        return Actor(user.pk, request_id=request_id(request), is_live=True), user

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge of a 401."""
        return REALM


def read_native(token: str, kind: Kind) -> Claims:
    """Return what a native token of this kind says. Raises BadToken."""
    claims = read(token, Claims, AUDIENCE)
    if claims.typ != kind:
        raise BadToken
    return claims


def actor_of(claims: Claims, request: Request) -> Actor:
    """Return the actor a token stands for. Whether its session still is open is looked up later."""
    return Actor(claims.user_id, claims.sid, claims.epoch, request_id=request_id(request))


def request_id(request: Request) -> str:
    """Return the id that the request's answer, log lines and events carry."""
    return getattr(request._request, "request_id", "")


def token_pair(session: Session, user: User) -> dict[str, str]:
    """Return the refresh and the access token of a session, for the wire."""
    return {
        "refresh": _token(session, user, "refresh", session.expires_at.timestamp()),
        "access": _token(session, user, "access", (timezone.now() + ACCESS_LIFETIME).timestamp()),
    }


def _token(session: Session, user: User, kind: Kind, expires: float) -> str:
    return sign(
        Claims(
            sub=str(user.pk),
            user_id=user.pk,
            sid=session.pk,
            epoch=user.token_epoch,
            typ=kind,
            aud=AUDIENCE,
            iss=ISSUER,
            iat=int(time()),
            exp=int(expires),
            jti=str(session.refresh_id) if kind == "refresh" else "",
        )
    )


class _CsrfCheck(CsrfViewMiddleware):
    def _reject(self, request: object, reason: str) -> str:
        return reason


def _no_view(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError  # the middleware wants a view, and only asks whether it is exempt


def _check_csrf(request: Request) -> None:
    check = _CsrfCheck(_no_view)
    check.process_request(request._request)
    reason = check.process_view(request._request, _no_view, (), {})
    if reason:
        raise exceptions.PermissionDenied(f"CSRF: {reason}", code="csrf_failed")
