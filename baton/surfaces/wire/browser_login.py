"""Logging in with a browser, at the admin's form or anybody else's that asks Django: by the same rules as elsewhere."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from baton.core.commands.sessions import check_login
from baton.core.errors import TooMany
from baton.core.models import User
from baton.core.policies.accounts import must_verify_email
from baton.lib.networks import UNKNOWN
from baton.surfaces.wire.proxies import network


class GuardedLogin(ModelBackend):
    """Django's back end for permissions, with our own check of the password, which counts wrong guesses."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """Return who logs in by this name or address. Raises PermissionDenied for a guesser: no other way is tried."""
        login = username if username is not None else kwargs.get(User.USERNAME_FIELD)
        if login is None or password is None:
            return None
        try:
            user = check_login(str(login), password, UNKNOWN if request is None else network(request))
        except TooMany:
            raise PermissionDenied from None
        return None if user is None or must_verify_email(user) else user
