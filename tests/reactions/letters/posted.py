"""What people are told, through the real reactions, and the letters that come of it."""

from __future__ import annotations

from baton.adapters.mail import Letter
from baton.core.commands.notifications import notify
from baton.core.models import Delivery, Event, User
from baton.core.models.delivery import Channel
from baton.reactions.letters.composing import compose
from baton.wiring import PLANS


def tell_all(after: int = 0) -> None:
    """Have everybody told of what happened behind an event."""
    notify(list(Event.objects.filter(pk__gt=after).order_by("pk")), PLANS)


def letters_to(user: User) -> list[Delivery]:
    """Return the letters to somebody, the oldest first."""
    return list(Delivery.objects.filter(channel=Channel.MAIL, recipient=user.pk).order_by("pk"))


def the_letter_to(user: User) -> Letter:
    """Return what stands in the only letter to somebody."""
    (delivery,) = letters_to(user)
    letter = compose(delivery)
    assert isinstance(letter, Letter), letter
    return letter
