"""Letters in tests: the workers' turns without waiting."""

from __future__ import annotations

from typing import Any

from django.core import mail

from baton.core.models import Delivery, Event
from baton.core.models.delivery import Channel
from baton.reactions.account_mail import QueueAccountLetters
from baton.reactions.deliver import deliver_due


def post_account_letters() -> list[Any]:
    """Have the letters sent that events ask for and that weren't sent yet, and return them."""
    mail.outbox.clear()
    QueueAccountLetters(lambda: None)(list(Event.objects.order_by("pk")))
    post()
    return list(mail.outbox)


def post() -> int:
    """Send what is due until nothing is; return how many tries there were."""
    return deliver_due(60, wake_another=lambda: None)


def mail_deliveries() -> list[Delivery]:
    """Return the letters' rows in the order of their writing."""
    return list(Delivery.objects.filter(channel=Channel.MAIL).order_by("pk"))
