"""Ending whatever stands for a user, all at once."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.commands.accounts import lock_own_account
from baton.core.commands.sessions import end_all_sessions
from baton.core.events.catalogue import LoggedOutEverywhere
from baton.core.events.record import record
from baton.core.models import ApiToken, User


def log_out_everywhere(actor: Actor) -> None:
    """End every session and every API token of the actor, the one that asks too. Raises DeadCredential, Denied."""
    with transaction.atomic():
        user = lock_own_account(actor)
        end_all_access(user)
        record(actor, LoggedOutEverywhere(), at=timezone.now(), user_id=user.pk)


def end_all_access(user: User) -> None:
    """Save the user, and end whatever stands for them. The caller is in a transaction, holds the row, records why."""
    user.token_epoch += 1
    user.version += 1
    user.save()
    end_all_sessions(user)
    ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=timezone.now())
