"""API tokens in the `Authorization` header: `Bearer bat_…`, or `Token bat_…` for clients that know no other word."""

from __future__ import annotations

from django.http import HttpRequest
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from baton.core.actor import Actor
from baton.core.commands.api_tokens import note_use
from baton.core.commands.guesses import count_wrong_secret
from baton.core.queries.api_tokens import LiveToken, find_live_token, is_dead_token
from baton.lib.api_secrets import PREFIX, digest_of, is_secret
from baton.surfaces.wire.proxies import network
from baton.surfaces.wire.request_ids import request_id_of

SCHEMES = ("bearer", "token")


def is_api_token(scheme: str, token: str) -> bool:
    """Is this meant to be an API token?"""
    return scheme.lower() in SCHEMES and token.startswith(PREFIX)


def actor_of_api_token(secret: str, request: HttpRequest | Request) -> Actor:
    """Return who a token stands for, its user having been looked up with it.

    Raises AuthenticationFailed, and TooMany where its network has shown too many that never were any.
    """
    digest = digest_of(secret)
    found = find_live_token(digest) if is_secret(secret) else None
    if found is None:
        # A token that was revoked or has run out may be asked with for long by a program that nobody looks after.
        if not is_dead_token(digest):
            count_wrong_secret(network(request))
        raise AuthenticationFailed("The token is not valid, was revoked, or has run out.")
    note_use(found.token_id, found.used_at)
    return _actor(found, request_id_of(request))


def _actor(found: LiveToken, request_id: str) -> Actor:
    return Actor(
        found.user_id,
        request_id=request_id,
        is_live=True,
        token_id=found.token_id,
        scopes=found.scopes,
        project_id=found.project_id,
    )
