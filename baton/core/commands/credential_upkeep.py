"""Forgetting credentials that have been good for nothing for long. Bookkeeping, so it leaves no event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from baton.core.models import ApiToken, DialectToken, Session, StreamTicket

SHOWN_FOR = timedelta(days=30)
"""How long an ended session or token can still be looked at, by whoever wonders what has used it."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many of each were deleted."""

    sessions: int
    tokens: int


def forget_credentials() -> Forgotten:
    """Delete sessions and tokens that ended longer than SHOWN_FOR ago, tickets and browsers' sessions that ran out."""
    now = timezone.now()
    before = now - SHOWN_FOR
    sessions = Session.objects.filter(Q(ended_at__lt=before) | Q(expires_at__lt=before)).delete()[0]
    tokens = _forget_tokens(before)
    StreamTicket.objects.filter(expires_at__lt=now).delete()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return Forgotten(sessions, tokens)


def _forget_tokens(before: datetime) -> int:
    ended = ApiToken.objects.filter(Q(revoked_at__lt=before) | Q(expires_at__lt=before)).delete()[0]
    return ended + DialectToken.objects.filter(revoked_at__lt=before).delete()[0]
