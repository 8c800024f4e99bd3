"""Letters about accounts and webhooks: each follows from an event, and its proof is made when it is sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from baton.adapters.mail import Letter, Verdict, send
from baton.core.models import Event, Invitation, User, Webhook
from baton.core.models.webhook import PauseReason
from baton.core.policies.proofs import make_invitation_proof, make_reset_proof, make_verification_proof
from baton.core.queries.archive_history import IMPORT_SURFACE
from baton.core.queries.invitations import is_open
from baton.core.queries.users import find_by_email
from baton.reactions.letters.rendering import render

WORTH_SENDING_FOR = timedelta(days=1)
"""A letter that could not be sent for longer is not expected any more."""

_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Order:
    """A letter to be written: to whom, in which language, from which template, with what in it.

    `route` takes the proof, where there is one; there are no pages for people yet that could.
    """

    to: str
    language: str
    template: str
    route: str
    proof: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AccountMail:
    """The reaction: has a job send the letter of each event that asks for one.

    `have_sent` is told an event's id. It raises where the job can't be handed over, and then all is tried again: a
    letter may be sent twice (with one Message-ID), but not never.
    """

    have_sent: Callable[[int], None]

    def __call__(self, events: list[Event]) -> None:
        """Handle the events."""
        for event in events:
            if _asks(event):
                self.have_sent(event.pk)


def send_letter(event_id: int) -> bool:
    """Send the letter that an event asks for, unless nobody needs it now; return whether it was. Raises OSError."""
    event = Event.objects.filter(pk=event_id).first()
    order = _ORDERS[event.verb](event) if event is not None and _asks(event) else None
    if event is None or order is None:
        return False
    reply = send(_write(order, f"<event-{event.pk}@{urlsplit(settings.BATON_BASE_URL).hostname}>"))
    if reply.verdict is not Verdict.SENT:
        raise OSError(reply.error)
    return True


def plain(name: str) -> str:
    """Return a name that somebody chose, as it may stand in a letter to a stranger: one line that nothing links to."""
    words = re.sub(r"[^\w '’()&+-]|_", " ", name).split()
    return " ".join(words)[:_LONGEST_NAME].strip()


def _asks(event: Event) -> bool:
    # Who came with an older system has had its letters.
    return event.verb in _ORDERS and event.surface != IMPORT_SURFACE and event.at > timezone.now() - WORTH_SENDING_FOR


def _verification(event: Event) -> Order | None:
    user = User.objects.filter(pk=event.user_id or 0, is_active=True, is_verified=False).exclude(email=None).first()
    if user is None or user.email is None:
        return None
    proof = make_verification_proof(user)
    return Order(
        user.email, user.language, "verify_email", "/api/auth/verify-email/", proof, {"name": plain(user.username)}
    )


def _verification_of_new_address(event: Event) -> Order | None:
    return _verification(event) if "email" in event.changes else None


def _reset(event: Event) -> Order | None:
    user = User.objects.filter(pk=event.user_id or 0, is_active=True).exclude(email=None).first()
    if user is None or user.email is None:
        return None
    proof = make_reset_proof(user)
    return Order(
        user.email,
        user.language,
        "reset_password",
        "/api/auth/password-reset/confirm/",
        proof,
        {"name": plain(user.username)},
    )


def _invitation(event: Event) -> Order | None:
    found = Invitation.objects.select_related("project", "invited_by").filter(pk=event.data["invitation"]).first()
    if found is None or not is_open(found):
        return None
    # Who has an account is written to in their own language, everybody else in that of the person who asks them.
    reader = find_by_email(found.email) or found.invited_by
    names = {"sender": plain(found.invited_by.name or found.invited_by.username), "project": plain(found.project.name)}
    proof = make_invitation_proof(found)
    return Order(found.email, reader.language, "invitation", "/api/invitations/accept/", proof, names)


def _webhook_paused(event: Event) -> Order | None:
    """Write to whoever answers for the webhook; where nobody may any more, to the owner of its project."""
    if event.data["reason"] == PauseReason.BY_HAND:
        return None
    webhook = Webhook.objects.select_related("user", "project__owner").filter(pk=event.data["webhook"]).first()
    if webhook is None or webhook.paused_at is None:
        return None
    reader = webhook.user
    if event.data["reason"] == PauseReason.OWNER_LEFT and webhook.project is not None:
        reader = webhook.project.owner
    if not reader.is_active or reader.email is None:
        return None
    names = {
        "name": plain(reader.username),
        "webhook": str(webhook.pk),
        "origin": event.data["origin"],
        "reason": event.data["reason"],
    }
    return Order(reader.email, reader.language, "webhook_paused", f"/api/webhooks/{webhook.pk}/", "", names)


def _write(order: Order, message_id: str) -> Letter:
    # Never from the request's Host header: whoever asks for a letter must not choose where the proof is sent.
    address = f"{settings.BATON_BASE_URL}{order.route}"
    rendered = render(order.template, order.language, {**order.names, "address": address, "token": order.proof})
    return Letter(order.to, (order.to,), rendered.subject, rendered.text, message_id, rendered.html)


_ORDERS: Mapping[str, Callable[[Event], Order | None]] = {
    "user.registered": _verification,
    "user.profile_changed": _verification_of_new_address,
    "user.verification_requested": _verification,
    "user.password_reset_requested": _reset,
    "project.invited": _invitation,
    "webhook.paused": _webhook_paused,
}
