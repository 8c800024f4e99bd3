"""The reaction that has letters written about accounts, invitations and webhooks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import transaction

from baton.core.actor import IMPORT_SURFACE
from baton.core.commands.mail_queue import LetterOrder, order_for_event, queue_letters
from baton.core.models import Event, Invitation, User, Webhook
from baton.core.models.delivery import NO_ACCOUNT
from baton.core.models.webhook import PauseReason
from baton.core.queries.users import find_by_email
from baton.reactions.letters import account


@dataclass(frozen=True, slots=True)
class QueueAccountLetters:
    """Writes the deliveries of the letters that events ask for. `wake` is called once they are committed."""

    wake: Callable[[], None]

    def __call__(self, events: list[Event]) -> None:
        """Handle the events."""
        # Who came with an older system has had its letters.
        orders = [_order(event) for event in events if event.verb in _ASKED_FOR and event.surface != IMPORT_SURFACE]
        asked = [order for order in orders if order is not None]
        if asked:
            queue_letters(asked)
            transaction.on_commit(self.wake, robust=True)


def _order(event: Event) -> LetterOrder | None:
    """Return the order of the letter that the event asks for, if somebody is there to get it."""
    if account.is_stale(event):
        return None
    letter, find_recipient = _ASKED_FOR[event.verb]
    recipient = find_recipient(event)
    return None if recipient is None else order_for_event(letter, recipient, event)


def _whom_it_is_about(event: Event) -> int | None:
    reached = User.objects.filter(pk=event.user_id or 0, is_active=True).exclude(email=None)
    return reached.values_list("pk", flat=True).first()


def _whom_the_new_address_is_of(event: Event) -> int | None:
    return _whom_it_is_about(event) if "email" in event.changes else None


def _whom_the_project_asks(event: Event) -> int | None:
    invitation = Invitation.objects.filter(pk=event.data["invitation"]).first()
    if invitation is None:
        return None
    user = find_by_email(invitation.email)
    return user.pk if user else NO_ACCOUNT


def _who_answers_for_the_webhook(event: Event) -> int | None:
    """Return who answers for the webhook; where nobody may any more, the owner of its project."""
    if event.data["reason"] == PauseReason.BY_HAND:
        return None
    webhook = Webhook.objects.select_related("project").filter(pk=event.data["webhook"]).first()
    if webhook is None:
        return None
    if event.data["reason"] == PauseReason.OWNER_LEFT and webhook.project is not None:
        return webhook.project.owner_id
    return webhook.user_id


_ASKED_FOR: Mapping[str, tuple[str, Callable[[Event], int | None]]] = {
    "user.registered": (account.VERIFY_EMAIL, _whom_it_is_about),
    "user.profile_changed": (account.VERIFY_EMAIL, _whom_the_new_address_is_of),
    "user.verification_requested": (account.VERIFY_EMAIL, _whom_it_is_about),
    "user.password_reset_requested": (account.RESET_PASSWORD, _whom_it_is_about),
    "user.password_reset": (account.PASSWORD_CHANGED, _whom_it_is_about),
    "user.password_changed": (account.PASSWORD_CHANGED, _whom_it_is_about),
    "project.invited": (account.INVITATION, _whom_the_project_asks),
    "webhook.paused": (account.WEBHOOK_PAUSED, _who_answers_for_the_webhook),
}
