"""Accounts and tokens: everything below `auth/`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.response import Response

from baton.core.commands.accounts import change_password, change_profile, register_user
from baton.core.commands.sessions import check_login, end_session, rotate_session
from baton.core.errors import DeadCredential
from baton.core.models import User
from baton.core.policies.accounts import must_verify_email
from baton.core.queries.credentials import require_live
from baton.core.queries.users import get_account
from baton.surfaces.dialects.taskmaster.auth import (
    REFRESH_LIFETIME,
    Kind,
    TaskmasterClaims,
    actor_of,
    log_in,
    nobody,
    read_token,
    sentence_of,
    token_pair,
)
from baton.surfaces.dialects.taskmaster.errors import INVALID, NOT_VALID
from baton.surfaces.dialects.taskmaster.mapping import profile_fields, show_account
from baton.surfaces.dialects.taskmaster.schemas import (
    LoginIn,
    PasswordIn,
    ProfileIn,
    RefreshIn,
    RegisterIn,
    TokenIn,
    read_parts,
    read_plain,
    read_whole,
)
from baton.surfaces.dialects.taskmaster.view import OpenView, TaskmasterView
from baton.surfaces.wire.proxies import network
from baton.surfaces.wire.request_ids import request_id_of
from baton.surfaces.wire.tokens import BadToken
from baton.surfaces.wire.views import Access


class Register(OpenView):
    """`POST` opens an account and logs it in, unless its address has to be verified first."""

    def post(self, request: Request) -> Response:
        """Answer 201 with the account and its tokens."""
        values = read_whole(RegisterIn, request.data)
        user = register_user(nobody(request), values["password"], profile_fields(values), lenient_password=True)
        if must_verify_email(user):
            return Response(show_account(get_account(user.pk)), 201)
        return _logged_in(user, request, 201)


class Login(OpenView):
    """`POST` a name or address and the password."""

    def post(self, request: Request) -> Response:
        """Answer with the account and its tokens."""
        values = read_whole(LoginIn, _with_login(request.data))
        user = check_login(values["username"], values["password"], network(request))
        if user is None:
            raise AuthenticationFailed("Invalid login credentials", "wrong_credentials")
        return _logged_in(user, request, 200)


class Logout(TaskmasterView):
    """`POST` ends the session, and with it its tokens of either kind."""

    def post(self, request: Request) -> Response:
        """Answer with a message."""
        session = self.actor.session_id
        if session is not None:
            end_session(self.actor, session)
        return Response({"message": "Logged out successfully"})


class Profile(TaskmasterView):
    """`GET` one's own account; `PATCH` changes what is sent."""

    access = Access.OWN_ACCOUNT

    def get(self, request: Request) -> Response:
        """Show the account."""
        return Response(show_account(get_account(self.actor.person)))

    def patch(self, request: Request) -> Response:
        """Answer 202 with the account."""
        shown = show_account(get_account(self.actor.person))
        values = read_parts(ProfileIn, request.data, shown)
        change_profile(self.actor, profile_fields(values))
        return Response(show_account(get_account(self.actor.person)), 202)


class Password(TaskmasterView):
    """`POST` the present password and the next. Unlike the original's, every token dies with the old one."""

    access = Access.OWN_ACCOUNT

    def post(self, request: Request) -> Response:
        """Answer with a message."""
        values = read_whole(PasswordIn, request.data)
        change_password(
            self.actor, values["old_password"], values["new_password_1"], network(request), lenient_password=True
        )
        return Response({"detail": "password updated successfully"})


class TokenVerify(OpenView):
    """`POST` a token of either kind."""

    def post(self, request: Request) -> Response:
        """Answer with a message."""
        claims = _read(read_plain(TokenIn, request.data)["token"])
        try:
            require_live(actor_of(claims, request_id_of(request)))
        except DeadCredential:
            raise AuthenticationFailed(INVALID, NOT_VALID) from None
        return Response({"message": "Token is valid"})


class TokenRefresh(OpenView):
    """`POST` a refresh token, which may be used again as long as it is good: clients keep the one of their log-in."""

    def post(self, request: Request) -> Response:
        """Answer with a new token of either kind."""
        claims = _read(read_plain(RefreshIn, request.data)["refresh"], "refresh")
        actor = actor_of(claims, request_id_of(request))
        try:
            session = rotate_session(actor, claims.sid, None, claims.epoch, REFRESH_LIFETIME)
        except DeadCredential:
            raise AuthenticationFailed(INVALID, NOT_VALID) from None
        return Response(token_pair(session, session.user))


def _logged_in(user: User, request: Request, status: int) -> Response:
    tokens = log_in(user, request)
    return Response({**show_account(get_account(user.pk)), "tokens": tokens}, status)


def _with_login(data: Any) -> Any:
    """Return what was sent with the login's name under one key, whichever the client knows."""
    if not isinstance(data, Mapping):
        return data
    login = next((data[key] for key in LoginIn.keys if data.get(key) is not None), None)
    return {"username": login, "password": data.get("password")}


def _read(token: str, kind: Kind | None = None) -> TaskmasterClaims:
    try:
        return read_token(token, kind)
    except BadToken as error:
        raise AuthenticationFailed(sentence_of(error), NOT_VALID) from None
