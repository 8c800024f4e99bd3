"""Accounts and log-ins: `/api/auth/register/`, `login/`, `refresh/`, `logout/` and `change-password/`."""

from __future__ import annotations

from typing import ClassVar, cast
from uuid import UUID

import msgspec
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from msgspec import UNSET, UnsetType
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from baton.core.actor import Actor
from baton.core.commands.account_checks import PASSWORD_LENGTH
from baton.core.commands.accounts import change_password, register_user
from baton.core.commands.names import NAME_LENGTH, ProfileFields
from baton.core.commands.sessions import check_login, end_session, rotate_session
from baton.core.errors import Denied, FieldError, Invalid, NotFound
from baton.core.policies.accounts import must_verify_email
from baton.core.queries import shapes
from baton.core.queries.credentials import require_live
from baton.core.queries.users import get_profile
from baton.surfaces.api.either import EitherIn, sent_of
from baton.surfaces.api.log_in import TokensOut, log_in
from baton.surfaces.api.profile import A_LANGUAGE, A_TIMEZONE, A_USERNAME, AN_EMAIL
from baton.surfaces.api.public import PROOF_LENGTH, PublicView, nobody
from baton.surfaces.api.view import ApiView
from baton.surfaces.wire.credentials import REFRESH_LIFETIME, actor_of, read_native, token_pair
from baton.surfaces.wire.fields import Text
from baton.surfaces.wire.inputs import In
from baton.surfaces.wire.operations import operation, plain
from baton.surfaces.wire.proxies import network
from baton.surfaces.wire.refusals import REALM, Refused
from baton.surfaces.wire.respond import json_response, no_content
from baton.surfaces.wire.tokens import BadToken, Claims
from baton.surfaces.wire.views import Access

LOGIN_LENGTH = 254
TOKEN_LENGTH = 4000


class RegisterIn(In):
    """What a new account is made of."""

    echo = frozenset(shapes.Profile.__struct_fields__)
    example: ClassVar = {
        "username": "nora",
        "email": "nora@example.org",
        "password": "correct horse battery",
        "password_confirm": "correct horse battery",
    }

    username = Text(says=A_USERNAME)
    email = Text(says=AN_EMAIL)
    password = Text()
    password_confirm = Text()
    name = Text(max_length=NAME_LENGTH, required=False, allow_blank=True)
    timezone = Text(required=False, says=A_TIMEZONE)
    language = Text(required=False, says=A_LANGUAGE)
    invitation = Text(max_length=PROOF_LENGTH, required=False)


class LoginIn(EitherIn):
    """Who logs in; either key takes a username or an e-mail address."""

    either = ("email", "username")
    example: ClassVar = {"email": "olga@example.org", "password": "correct horse battery"}

    email = Text(max_length=LOGIN_LENGTH, required=False)
    username = Text(max_length=LOGIN_LENGTH, required=False)
    password = Text(max_length=PASSWORD_LENGTH)


class RefreshIn(In):
    """The refresh token of a session."""

    example: ClassVar = {"refresh": "eyJhbGciOi…"}

    refresh = Text(max_length=TOKEN_LENGTH)


class LogoutIn(In):
    """The session to end; without it, the one that asks."""

    example: ClassVar = {"refresh": "eyJhbGciOi…"}

    refresh = Text(max_length=TOKEN_LENGTH, required=False)


class ChangePasswordIn(EitherIn):
    """The present password, under either name, and the next; repeating that one is optional."""

    either = ("old_password", "current_password")
    example: ClassVar = {"old_password": "correct horse battery", "new_password": "staple it twice"}

    old_password = Text(required=False)
    current_password = Text(required=False)
    new_password = Text()
    new_password_confirm = Text(required=False)


class RegisteredOut(shapes.Profile):
    """A new account; with tokens, unless its address has to be verified first."""

    tokens: TokensOut | UnsetType = UNSET


class Register(PublicView):
    """`POST` opens an account and logs it in, unless its address has to be verified first."""

    @operation("register", takes=RegisterIn, gives=plain(RegisteredOut, 201), refuses=(403,))
    def post(self, request: Request) -> HttpResponse:
        """Answer 201 with the profile and, for somebody who may log in now, `tokens`."""
        values = RegisterIn.read(request)
        password = values.pop("password")
        mismatch = _mismatch("/password_confirm", password, values.pop("password_confirm"))
        invitation = values.pop("invitation", None)
        fields = cast(ProfileFields, values)  # what is left of RegisterIn
        user = register_user(nobody(request), password, fields, invitation=invitation, found=mismatch)
        profile, _ = get_profile(user.pk)
        answer: dict[str, object] = msgspec.structs.asdict(profile)
        if not must_verify_email(user):
            answer["tokens"] = log_in(nobody(request), user, request)
        return json_response(answer, 201)


class Login(PublicView):
    """`POST` a name or address and the password."""

    @operation("log_in", takes=LoginIn, gives=TokensOut, refuses=(401, 403, 429))
    def post(self, request: Request) -> HttpResponse:
        """Answer with `refresh` and `access`; 401 alike for nobody's name and for a wrong password."""
        values = LoginIn.read(request)
        user = check_login(sent_of(values, LoginIn.either)[1], values["password"], network(request))
        if user is None:
            detail = "No active account found with the given credentials"
            raise Refused(401, "wrong_credentials", detail, WWW_Authenticate=REALM)
        return json_response(log_in(nobody(request), user, request))


class Refresh(PublicView):
    """`POST` a refresh token for the next pair."""

    @operation("refresh", takes=RefreshIn, gives=TokensOut, refuses=(401,))
    def post(self, request: Request) -> HttpResponse:
        """Answer with `access` and `refresh`; an older refresh token ends its session."""
        claims = _read_refresh(RefreshIn.read(request)["refresh"])
        session = rotate_session(
            actor_of(claims, request), claims.sid, UUID(claims.jti), claims.epoch, REFRESH_LIFETIME
        )
        pair = token_pair(session, session.user)
        return json_response({"access": pair["access"], "refresh": pair["refresh"]})


class Logout(ApiView):
    """`POST` ends a session: that of the refresh token, else the present one."""

    access = Access.PUBLIC
    idempotent = False
    takes_empty_body = True

    @operation("log_out", takes=LogoutIn)
    def post(self, request: Request) -> HttpResponse:
        """Answer 204, also where a refresh token's session has ended already."""
        token = LogoutIn.read(request).get("refresh")
        if token is not None:
            self._end_session_of(_read_refresh(token), request)
        elif self.actor.session_id is not None:
            require_live(self.actor)
            _end_if_open(self.actor, self.actor.session_id)
        elif self.actor.token_id is not None:
            raise Denied("An API token is no session; revoke it where tokens are listed.")
        else:
            request._request.session.flush()
        return no_content()

    def _end_session_of(self, claims: Claims, request: Request) -> None:
        asking = self._who_asks()
        if asking is not None and asking.user_id != claims.user_id:
            raise Invalid.field("/refresh", "foreign", "This is somebody else's refresh token.")
        _end_if_open(actor_of(claims, request), claims.sid)

    def _who_asks(self) -> Actor | None:
        """Return who asks, if they can be told: holding the refresh token is enough to end its session."""
        try:
            return self.request.actor
        except (AuthenticationFailed, PermissionDenied):
            return None


class ChangePassword(ApiView):
    """`POST` a new password; every session but the one that answers dies with the old one. API tokens stay."""

    access = Access.OWN_ACCOUNT
    administers = frozenset({"post"})
    idempotent = False

    @operation("change_password", takes=ChangePasswordIn, gives=TokensOut, refuses=(409,))
    def post(self, request: Request) -> HttpResponse:
        """Answer with new tokens."""
        values = ChangePasswordIn.read(request)
        key, old = sent_of(values, ChangePasswordIn.either)
        new = values["new_password"]
        refused = _mismatch("/new_password_confirm", new, values.get("new_password_confirm", new))
        if refused:
            raise Invalid(errors=refused)
        try:
            user = change_password(self.actor, old, new, network(request))
        except Invalid as error:
            raise _as_sent(error, "/old_password", f"/{key}") from None
        tokens = log_in(self.actor, user, request)
        if self.actor.session_id is None and self.actor.token_id is None:
            # A browser that asked by its cookie stays logged in; Django gives it another session key.
            request._request.user = user
            update_session_auth_hash(request._request, user)
        return json_response(tokens)


def _mismatch(pointer: str, password: str, repeated: str) -> list[FieldError]:
    return [] if password == repeated else [FieldError(pointer, "mismatch", "Passwords don't match")]


def _as_sent(error: Invalid, pointer: str, sent: str) -> Invalid:
    """Return the refusal with a field named as the caller named it."""
    renamed = [FieldError(sent, e.code, e.detail) if e.pointer == pointer else e for e in error.errors]
    return Invalid(error.detail, code=error.code, errors=renamed)


def _read_refresh(token: str) -> Claims:
    try:
        return read_native(token, "refresh")
    except BadToken:
        raise AuthenticationFailed("The refresh token is not valid or has run out.") from None


def _end_if_open(actor: Actor, session_id: int) -> None:
    try:
        end_session(actor, session_id)
    except NotFound:
        return
