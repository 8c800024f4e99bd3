"""Sending what is due, over whatever channel; `baton/wiring.py` says which there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

import structlog

from baton.core.commands.deliveries import Outcome, Result, claim_next, finish_delivery, is_anything_due
from baton.core.models import Delivery
from baton.reactions.room import Room

logger = structlog.get_logger(__name__)

_TRIED = (Result.DELIVERED, Result.FAILED, Result.REFUSED)


@dataclass(frozen=True, slots=True)
class Sender:
    """A channel's part: `send` tries once and says what became of it, `note` draws conclusions about the recipient.

    `room` limits how many are sent at once by this process, where one server stands behind all recipients.
    """

    send: Callable[[Delivery], Outcome]
    note: Callable[[Delivery, Outcome], None]
    room: Room | None = None


_senders: dict[str, Sender] = {}


def register_senders(senders: Mapping[str, Sender]) -> None:
    """Make these the channels that there are."""
    _senders.clear()
    _senders.update(senders)


def leave_a_thread(threads: int) -> None:
    """Have each channel's room be smaller than a worker of so many threads, so that one is left for the others."""
    for sender in _senders.values():
        if sender.room is not None:
            sender.room.fit(threads)


def deliver_due(seconds: float, *, wake_another: Callable[[], None]) -> int:
    """Send what is due, one after the other, beginning none after so many seconds; return how many were tried.

    Whoever finds that there is more than it can hold at once wakes another, so that one slow host holds up nobody else.
    """
    end = monotonic() + seconds
    tried = 0
    while monotonic() < end:
        with _claimed() as delivery:
            if delivery is None:
                return tried
            if tried == 0 and is_anything_due():
                wake_another()
            deliver(delivery)
            tried += 1
    return tried


def deliver(delivery: Delivery) -> None:
    """Try a claimed delivery once and write down what became of it."""
    sender, began = _senders[delivery.channel], monotonic()
    try:
        outcome = sender.send(delivery)
    except Exception:  # any fault of ours: the row must not stay with a worker that has given up
        logger.exception("delivery.broken", delivery=delivery.pk, channel=delivery.channel)
        outcome = Outcome(Result.FAILED, "A fault of this server's; see its log.")
    if sender.room is not None and outcome.result in _TRIED:
        is_answering = outcome.result is Result.DELIVERED or outcome.status is not None
        sender.room.note(delivery.recipient, began=began, is_answering=is_answering)
    is_ours = finish_delivery(delivery, outcome)
    logger.info(
        "delivery.tried",
        delivery=delivery.pk,
        channel=delivery.channel,
        recipient=delivery.recipient,
        message_id=delivery.message_id,
        tries=delivery.tries,
        result=outcome.result.value,
        status=outcome.status,
        is_late=not is_ours,
    )
    if is_ours:
        sender.note(delivery, outcome)


@contextmanager
def _claimed() -> Iterator[Delivery | None]:
    """Claim the next delivery of a channel that this process has room for, and keep its place while it is sent."""
    rooms = {name: sender.room for name, sender in _senders.items()}
    entered = {name: room for name, room in rooms.items() if room is None or room.enter()}
    try:
        delivery = claim_next(tuple(entered))
        for name in [name for name in entered if delivery is None or name != delivery.channel]:
            _leave(entered.pop(name))
        yield delivery
    finally:
        for room in entered.values():
            _leave(room)


def _leave(room: Room | None) -> None:
    if room is not None:
        room.leave()
