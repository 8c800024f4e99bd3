"""Letters about accounts, invitations and webhooks. Their proofs are made when they are sent, and stored nowhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from baton.adapters.mail import Letter
from baton.core.models import Delivery, Event, Invitation, User, Webhook
from baton.core.policies.proofs import make_invitation_proof, make_reset_proof, make_verification_proof
from baton.core.queries.invitations import is_open
from baton.reactions.letters.composing import Composer, Unsent
from baton.reactions.letters.readers import Reader, to_reader
from baton.reactions.letters.rendering import render

VERIFY_EMAIL = "verify_email"
RESET_PASSWORD = "reset_password"  # noqa: S105  # a letter's name
PASSWORD_CHANGED = "password_changed"  # noqa: S105
INVITATION = "invitation"
WEBHOOK_PAUSED = "webhook_paused"

WORTH_SENDING_FOR = timedelta(days=1)
"""A letter that could not be sent for longer is not expected any more."""

STALE = Unsent("It is more than a day late: nobody expects it any more.")
_LONGEST_NAME = 60


def is_stale(event: Event) -> bool:
    """Is it too late for a letter about the event?"""
    return event.at <= timezone.now() - WORTH_SENDING_FOR


def plain(name: str) -> str:
    """Return a name that somebody chose, as it may stand in a letter to a stranger: one line that nothing links to."""
    words = re.sub(r"[^\w '’()&+-]|_", " ", name).split()
    return " ".join(words)[:_LONGEST_NAME].strip()


def _about_event(write: Callable[[Delivery, Event], Letter | Unsent]) -> Composer:
    """Return the composer of a letter about the delivery's event, as long as that is news."""

    def compose(delivery: Delivery) -> Letter | Unsent:
        event = _find_news(delivery)
        return STALE if event is None else write(delivery, event)

    return compose


def _about_event_to_reader(write: Callable[[Delivery, Event, Reader], Letter | Unsent]) -> Composer:
    """Return the composer of such a letter to somebody with an account and an address."""

    def compose(delivery: Delivery, reader: Reader) -> Letter | Unsent:
        event = _find_news(delivery)
        return STALE if event is None else write(delivery, event, reader)

    return to_reader(compose)


def _find_news(delivery: Delivery) -> Event | None:
    event = Event.objects.filter(pk=delivery.event_id or 0).first()
    return None if event is None or is_stale(event) else event


def _verify_email(delivery: Delivery, _event: Event, reader: Reader) -> Letter | Unsent:
    if reader.user.is_verified:
        return Unsent("The address is verified.")
    proof = make_verification_proof(reader.user)
    return _to_user(delivery, reader.user, "/api/auth/verify-email/", token=proof)


def _reset_password(delivery: Delivery, _event: Event, reader: Reader) -> Letter:
    proof = make_reset_proof(reader.user)
    return _to_user(delivery, reader.user, "/api/auth/password-reset/confirm/", token=proof)


def _password_changed(delivery: Delivery, event: Event, reader: Reader) -> Letter:
    return _to_user(delivery, reader.user, "/api/auth/password-reset/", moment=reader.show_moment(event.at))


def _invitation(delivery: Delivery, event: Event) -> Letter | Unsent:
    found = Invitation.objects.select_related("project", "invited_by").filter(pk=event.data["invitation"]).first()
    if found is None or not is_open(found):
        return Unsent("The invitation is over.")
    # Who has an account is written to in their own language, everybody else in that of the person who asks them.
    reader = User.objects.filter(pk=delivery.recipient, is_active=True).first() or found.invited_by
    sender = plain(found.invited_by.name or found.invited_by.username)
    context = {"sender": sender, "project": plain(found.project.name), "token": make_invitation_proof(found)}
    return _write(delivery, found.email, reader.language, "/api/invitations/accept/", context)


def _webhook_paused(delivery: Delivery, event: Event, reader: Reader) -> Letter | Unsent:
    webhook = Webhook.objects.select_related("project").filter(pk=event.data["webhook"]).first()
    if webhook is None or webhook.paused_at is None:
        return Unsent("The webhook is gone, or goes on.")
    answering = {webhook.user_id, webhook.project.owner_id if webhook.project else None}
    if reader.user.pk not in answering:
        return Unsent("They don't answer for the webhook any more.")
    context = {key: event.data[key] for key in ("webhook", "origin", "reason")}
    return _to_user(delivery, reader.user, f"/api/webhooks/{webhook.pk}/", **context)


def _to_user(delivery: Delivery, user: User, route: str, **context: object) -> Letter:
    return _write(delivery, str(user.email), user.language, route, {"name": plain(user.username), **context})


def _write(delivery: Delivery, address: str, language: str, route: str, context: Mapping[str, object]) -> Letter:
    """Write the letter. `route` is for programs: it takes the proof, and there are no pages for people yet."""
    # Never from the request's Host header: whoever asks for a letter must not choose where the proof is sent.
    rendered = render(delivery.letter, language, {**context, "address": f"{settings.BATON_BASE_URL}{route}"})
    return Letter(address, (address,), rendered.subject, rendered.text, delivery.message_id, rendered.html)


ACCOUNT_LETTERS: Mapping[str, Composer] = {
    VERIFY_EMAIL: _about_event_to_reader(_verify_email),
    RESET_PASSWORD: _about_event_to_reader(_reset_password),
    PASSWORD_CHANGED: _about_event_to_reader(_password_changed),
    INVITATION: _about_event(_invitation),
    WEBHOOK_PAUSED: _about_event_to_reader(_webhook_paused),
}
"""The composers of these letters."""
