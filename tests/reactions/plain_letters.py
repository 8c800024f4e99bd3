"""Letters that say nothing, and a room of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from baton import wiring
from baton.adapters.mail import Letter
from baton.core.commands.mail_queue import LetterOrder, queue_letters
from baton.core.models import Delivery, User
from baton.core.models.delivery import Channel, Pace
from baton.reactions.deliver import deliver_due, register_senders
from baton.reactions.letters.composing import Unsent, register_composers
from baton.reactions.mail import by_mail
from baton.reactions.room import Room

PLAIN = "plain"


def compose(delivery: Delivery) -> Letter:
    """Write to whoever it is."""
    address = str(User.objects.get(pk=delivery.recipient).email)
    return Letter(address, [address], delivery.occasion, "Hello\n", delivery.message_id)


def fail(delivery: Delivery) -> Letter:
    """Have a fault."""
    raise LookupError


def write_to(*users: User, occasion: str = "event:1", letter: str = PLAIN, pace: Pace = Pace.LETTER) -> None:
    """Queue a letter to each."""
    with transaction.atomic():
        queue_letters(LetterOrder(letter, user.pk, occasion, pace=pace) for user in users)


def work() -> None:
    """Send for a second, as a worker does."""
    deliver_due(1.0, wake_another=lambda: None)


@contextmanager
def plain_letters() -> Iterator[None]:
    """Have letters that say nothing, and room for the mail of one test alone."""
    register_composers({PLAIN: compose, "gone": lambda _delivery: Unsent("Nobody wants it."), "odd": fail})
    register_senders({**wiring.SENDERS, Channel.MAIL.value: by_mail(Room(most=3))})
    yield
    register_composers(wiring.COMPOSERS)
    register_senders(wiring.SENDERS)
