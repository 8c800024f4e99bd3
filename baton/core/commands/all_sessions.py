"""Ending whatever stands for a user, all at once."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.commands.accounts import lock_own_account
from baton.core.commands.sessions import end_all_sessions
from baton.core.events.facts.accounts import LoggedOutEverywhere
from baton.core.events.record import record
from baton.core.models import ApiToken, CalendarFeed, User


def log_out_everywhere(actor: Actor) -> None:
    """End every session, API token and feed address of the actor, also what asks. Raises DeadCredential, Denied."""
    with transaction.atomic():
        user = lock_own_account(actor)
        end_all_access(user)
        user.version += 1
        user.save()
        record(actor, LoggedOutEverywhere(), at=timezone.now(), user_id=user.pk)


def end_all_access(user: User) -> None:
    """End whatever stands for a user: sessions, API tokens, the address of their calendar feed.

    The caller is in a transaction and holds the row, which it saves, and records why.
    """
    user.token_epoch += 1
    end_all_sessions(user)
    CalendarFeed.objects.filter(user=user).delete()
    ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=timezone.now())
