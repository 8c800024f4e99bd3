"""The secret address of one's calendar feed."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.commands.access import require
from baton.core.events.facts.accounts import CalendarFeedClosed, CalendarFeedOpened
from baton.core.events.record import record
from baton.core.models import CalendarFeed
from baton.core.policies.credentials import reaches_account
from baton.core.queries.calendar_feeds import digest_of

_SECRET_BYTES = 32


def open_calendar_feed(actor: Actor) -> str:
    """Return a new secret for the actor's feed, which nobody can look up later; an older one stops working.

    Raises Denied for a token that opens one project only: the feed shows all of them.
    """
    require(reaches_account(actor), "This token is for one project.")
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    now = timezone.now()
    with transaction.atomic():
        CalendarFeed.objects.update_or_create(
            user_id=actor.person, defaults={"digest": digest_of(secret), "created_at": now}
        )
        record(actor, CalendarFeedOpened(), at=now, user_id=actor.person)
    return secret


def close_calendar_feed(actor: Actor) -> None:
    """Revoke the actor's feed; where there is none, nothing happens. Raises Denied as opening does."""
    require(reaches_account(actor), "This token is for one project.")
    with transaction.atomic():
        gone, _ = CalendarFeed.objects.filter(user=actor.person).delete()
        if gone:
            record(actor, CalendarFeedClosed(), at=timezone.now(), user_id=actor.person)
