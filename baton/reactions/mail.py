"""Letters to people: a channel of `deliver`."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from time import monotonic

import structlog
from django.utils import timezone

from baton.adapters.mail import Verdict, send
from baton.core.commands.deliveries import Outcome, Result
from baton.core.models import Delivery
from baton.core.models.delivery import DeliveryState
from baton.reactions.deliver import Sender
from baton.reactions.letters.composing import Later, Unsent, compose
from baton.reactions.room import NoTurn, Room

logger = structlog.get_logger(__name__)

_AFTER_OTHERS = 5.0
_RESULTS = {
    Verdict.SENT: Result.DELIVERED,
    Verdict.REFUSED: Result.REFUSED,
    Verdict.FAILED: Result.FAILED,
    Verdict.LOGIN_REFUSED: Result.FAILED,
}


def by_mail(room: Room) -> Sender:
    """Return the channel, its letters sent within the room."""
    return Sender(partial(_send, room), _note_outcome, room)


def _send(room: Room, delivery: Delivery) -> Outcome:
    """Write the letter as things are at this moment, and send it."""
    letter = compose(delivery)
    if isinstance(letter, Unsent):
        return Outcome(Result.CANCELLED, letter.reason)
    if isinstance(letter, Later):
        wait = (letter.until - timezone.now()).total_seconds()
        return Outcome(Result.POSTPONED, "They have quiet hours.", retry_after=max(wait, 1.0))
    began = monotonic()
    try:
        reply = send(letter, ending=room.ending)
    except NoTurn:
        return Outcome(Result.POSTPONED, "The letters before it took too long.", retry_after=_AFTER_OTHERS)
    took = timedelta(seconds=monotonic() - began)
    if reply.verdict is Verdict.LOGIN_REFUSED:
        # Nobody gets a letter before the operator has mended this.
        logger.error("mail.login_refused", status=reply.code, answer=reply.text)
    return Outcome(_RESULTS[reply.verdict], reply.error, reply.code, reply.text, took)


def _note_outcome(delivery: Delivery, outcome: Outcome) -> None:
    """Tell the operator's log what went wrong, and with an error what is given up."""
    if outcome.result not in (Result.FAILED, Result.REFUSED):
        return
    told = {
        "delivery": delivery.pk,
        "channel": delivery.channel,
        "letter": delivery.letter,
        "tries": delivery.tries,
        "status": outcome.status,
        "error": outcome.error,
    }
    logger.warning("delivery.failed", **told)
    if delivery.state == DeliveryState.DEAD:
        logger.error("delivery.dead", **told)
