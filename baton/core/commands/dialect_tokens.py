"""The lasting tokens of dialects: handed out at a log-in, and revoked."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.commands.accounts import lock_own_account
from baton.core.errors import Denied, NotFound
from baton.core.events.facts.accounts import DialectTokenIssued, DialectTokenRevoked
from baton.core.events.record import record
from baton.core.models import DialectToken, User
from baton.core.policies.accounts import must_verify_email
from baton.lib.api_secrets import digest_of
from baton.lib.dialect_secrets import secret_of
from baton.lib.ids import new_uuid


def issue_dialect_token(actor: Actor, user: User, dialect: str) -> str:
    """Return the user's token for a dialect: the one they have, or a new one.

    The user has shown who they are; `actor` tells only the way in. A token dies with a new password. Raises Denied
    where addresses have to be verified and this user's is not, or the account is closed.
    """
    if must_verify_email(user):
        raise Denied("Verify your e-mail address first.", code="email_not_verified")
    with transaction.atomic():
        account = User.objects.select_for_update(no_key=True).filter(pk=user.pk, is_active=True).first()
        if account is None:
            raise Denied("The account is closed.")
        secret = _find_made(account, dialect)
        if secret is None:
            secret, token = _make(account, dialect)
            fact = DialectTokenIssued(token=token.pk, dialect=dialect)
            record(replace(actor, user_id=user.pk), fact, at=token.created_at, user_id=user.pk)
        return secret


def revoke_dialect_token(actor: Actor, token_id: int) -> None:
    """End one of the actor's tokens; the next log-in gives another. Raises NotFound, DeadCredential."""
    with transaction.atomic():
        user = lock_own_account(actor)
        token = DialectToken.objects.filter(pk=token_id, user=user, revoked_at=None).first()
        if token is None:
            raise NotFound
        end_dialect_token(actor, token)


def end_dialect_token(actor: Actor, token: DialectToken) -> None:
    """Revoke a token that the caller has found and may revoke, in the caller's transaction."""
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    fact = DialectTokenRevoked(token=token.pk, dialect=token.dialect)
    record(actor, fact, at=token.revoked_at, user_id=token.user_id)


def _find_made(user: User, dialect: str) -> str | None:
    """Return the token that a log-in made, made once more."""
    token = DialectToken.objects.filter(
        user=user, dialect=dialect, epoch=user.token_epoch, revoked_at=None, seed__isnull=False
    ).first()
    if token is None or token.seed is None:
        return None
    secret = secret_of(token.seed)
    if digest_of(secret) == token.digest:
        return secret
    # The server has another key now, so nobody can tell this one again; who holds it may go on.
    token.seed = None
    token.save(update_fields=["seed"])
    return None


def _make(user: User, dialect: str) -> tuple[str, DialectToken]:
    seed = new_uuid()
    secret = secret_of(seed)
    token = DialectToken.objects.create(
        user=user,
        dialect=dialect,
        seed=seed,
        digest=digest_of(secret),
        epoch=user.token_epoch,
        created_at=timezone.now(),
    )
    return secret, token
