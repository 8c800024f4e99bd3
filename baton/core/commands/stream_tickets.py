"""Tickets for the live stream. They change nothing that anybody works on, so the log doesn't tell of them."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.errors import DeadCredential
from baton.core.models import StreamTicket
from baton.core.queries.live_credentials import Credential, Kind, find_live
from baton.lib.api_secrets import digest_of

GOOD_FOR = timedelta(seconds=30)
PREFIX = "tkt_"


class Admitted(NamedTuple):
    """Whom a ticket let in, and by what credential."""

    actor: Actor
    credential: Credential


def issue_ticket(holder: Actor, credential: Credential) -> str:
    """Return the secret of a new ticket, good for 30 seconds and one connection."""
    secret = PREFIX + secrets.token_urlsafe(32)
    now = timezone.now()
    StreamTicket.objects.filter(expires_at__lt=now).delete()
    StreamTicket.objects.create(
        digest=digest_of(secret),
        user_id=holder.person,
        session_id=holder.session_id,
        epoch=holder.epoch or 0,
        token_id=holder.token_id,
        credential_ends_at=credential.ends_at,
        expires_at=now + GOOD_FOR,
    )
    return secret


def redeem_ticket(secret: str) -> Admitted | None:
    """Take a ticket and return whom it admits; None for one that isn't there any more, or never was.

    Raises DeadCredential where what it was made with has ended since.
    """
    with transaction.atomic():
        found = StreamTicket.objects.filter(digest=digest_of(secret), expires_at__gt=timezone.now())
        ticket = found.select_related("token").first()
        # Of two who come with it at the same time, one deletes it.
        if ticket is None or not StreamTicket.objects.filter(pk=ticket.pk).delete()[0]:
            return None
    admitted = _admit(ticket)
    if not find_live([admitted.credential]):
        raise DeadCredential
    return admitted


def _admit(ticket: StreamTicket) -> Admitted:
    actor = Actor(ticket.user_id, is_live=True)
    if ticket.token is not None:
        token = ticket.token
        reach = replace(actor, token_id=token.pk, scopes=frozenset(token.scopes.split()), project_id=token.project_id)
        return Admitted(reach, Credential(Kind.API_TOKEN, token.pk, ticket.user_id))
    assert ticket.session_id is not None  # noqa: S101  # it was made with one or the other
    actor = replace(actor, session_id=ticket.session_id, epoch=ticket.epoch)
    key, ends_at = ticket.session_id, ticket.credential_ends_at
    return Admitted(actor, Credential(Kind.SESSION, key, ticket.user_id, ticket.epoch, ends_at))
