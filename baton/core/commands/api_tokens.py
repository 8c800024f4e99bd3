"""Making and revoking API tokens."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypedDict

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.commands.access import require
from baton.core.commands.accounts import lock_own_account
from baton.core.commands.checks import check_line, check_moment, refuse
from baton.core.errors import Conflict, Denied, FieldError, NotFound
from baton.core.events.facts.accounts import TokenCreated, TokenRevoked
from baton.core.events.record import record
from baton.core.models import ApiToken
from baton.core.policies.credentials import SCOPES, can_give_scopes
from baton.core.policies.visibility import visible_projects
from baton.lib.api_secrets import HINT_LENGTH, digest_of, make_secret

NAME_LENGTH = 100
TOKENS_PER_USER = 100
USE_IS_NOTED_EVERY = timedelta(minutes=1)


class TokenFields(TypedDict, total=False):
    """What a new token shall be; without a project it opens all of its user's, without `expires_at` it never ends."""

    name: str
    scopes: list[str]
    project_id: int | None
    expires_at: datetime | None


def create_api_token(actor: Actor, fields: TokenFields) -> tuple[ApiToken, str]:
    """Make a token and return it with its secret, which is kept nowhere.

    A token that makes another gives it nothing beyond its own scopes and end. Raises Invalid, Denied, Conflict.
    """
    with transaction.atomic():
        user = lock_own_account(actor)
        refuse(_check(actor, fields))
        scopes = [scope for scope in SCOPES if scope in fields["scopes"]]
        require(can_give_scopes(actor, scopes), "A token can't make one that may do more than itself.")
        _require_end(actor, fields.get("expires_at"))
        if ApiToken.objects.filter(user=user, revoked_at=None).count() >= TOKENS_PER_USER:
            raise Conflict(f"You have {TOKENS_PER_USER} tokens; revoke one first.", code="too_many_tokens")
        secret = make_secret()
        token = ApiToken.objects.create(
            user=user,
            name=fields["name"],
            digest=digest_of(secret),
            hint=secret[:HINT_LENGTH],
            scopes=" ".join(scopes),
            project_id=fields.get("project_id"),
            created_at=timezone.now(),
            expires_at=fields.get("expires_at"),
        )
        fact = TokenCreated(token=token.pk, name=token.name, scopes=scopes, project=token.project_id)
        record(actor, fact, at=token.created_at, user_id=user.pk)
        return token, secret


def revoke_api_token(actor: Actor, token_id: int) -> None:
    """End one of the actor's tokens: its next request is refused. Raises NotFound."""
    with transaction.atomic():
        user = lock_own_account(actor)
        token = ApiToken.objects.filter(pk=token_id, user=user, revoked_at=None).first()
        if token is None:
            raise NotFound
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record(actor, TokenRevoked(token=token.pk), at=token.revoked_at, user_id=user.pk)


def note_use(token_id: int, used_at: datetime | None) -> None:
    """Keep when a token was last used, to the minute, so that most requests write nothing."""
    now = timezone.now()
    before = now - USE_IS_NOTED_EVERY
    if used_at is None or used_at <= before:
        unnoted = Q(used_at=None) | Q(used_at__lte=before)
        ApiToken.objects.filter(unnoted, pk=token_id).update(used_at=now)


def _check(actor: Actor, fields: TokenFields) -> list[FieldError]:
    errors = check_line("/name", fields["name"], NAME_LENGTH)
    if not fields["scopes"] or not set(fields["scopes"]) <= set(SCOPES):
        errors.append(FieldError("/scopes", "invalid_choice", f"Name at least one of {', '.join(SCOPES)}."))
    project_id = fields.get("project_id")
    if project_id is not None and not visible_projects(actor).filter(pk=project_id).exists():
        errors.append(FieldError("/project", "not_found", "There is no such project, or you may not see it."))
    expires_at = fields.get("expires_at")
    found = check_moment("/expires_at", expires_at)
    if not found and expires_at is not None and expires_at <= timezone.now():
        found = [FieldError("/expires_at", "past", "This must lie in the future.")]
    return [*errors, *found]


def _require_end(actor: Actor, expires_at: datetime | None) -> None:
    """Raise Denied where a token would make one that outlives it."""
    if actor.token_id is None:
        return
    own = ApiToken.objects.filter(pk=actor.token_id).values_list("expires_at", flat=True).first()
    if own is not None and (expires_at is None or expires_at > own):
        raise Denied("A token can't make one that outlives it.")
