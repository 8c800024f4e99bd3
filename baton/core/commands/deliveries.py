"""Carrying out deliveries: any number of workers, each row sent by one of them at a time.

A worker claims a row by compare-and-set and has it until its lease runs out, in the database's time. What a worker
that was killed has held is then found by the others. All this knows nothing of how a channel sends.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from uuid import uuid4

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from baton.core.models import Attempt, Delivery
from baton.core.models.delivery import NO_ACCOUNT, UNFINISHED, Channel, DeliveryState, Pace
from baton.lib.compiled import LIMITED
from baton.lib.compiled_models import CompiledModels
from baton.lib.compiled_writes import CompiledUpdate, Update, insert
from baton.lib.statements import Param

LONGEST_ANSWER = 2000
"""Characters of an answer that the log keeps."""
_ERROR_LENGTH = 300
_MOST_WAIT = 24 * 3600.0
_LOOKS = 10
_ALL = frozenset(Channel.values)
_ABANDONED = "The worker ended before an answer was known."


@dataclass(frozen=True, slots=True)
class Pacing:
    """How to go on after failures: the seconds before each further try, and how long one may take.

    A pause is shorter by up to `spread` of itself, so that those who failed together don't all come back together.
    """

    back_off: tuple[float, ...]
    lease: timedelta
    spread: float = 0.2


_LETTER_LEASE = timedelta(seconds=45)
PACES: Mapping[str, Pacing] = {
    # Eleven tries within a day.
    Pace.WEBHOOK: Pacing((5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800, 28800), timedelta(seconds=30)),
    Pace.LETTER: Pacing((30, 120, 300, 900, 1800, 3600, 7200, 14400, 28800, 28800), _LETTER_LEASE),
    # As the contracts have it.
    Pace.TASK_MANAGER: Pacing((60, 60, 60), _LETTER_LEASE, spread=0),
    Pace.TASKTABLE: Pacing((300, 300, 300), _LETTER_LEASE, spread=0),
}


class Result(Enum):
    """What became of a try.

    REFUSED is a failure that another try won't mend; POSTPONED was not tried: not now, or not to this recipient.
    """

    DELIVERED = "delivered"
    FAILED = "failed"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A try's result, with what the other side answered. `retry_after` is how many seconds to wait at least."""

    result: Result
    error: str = ""
    status: int | None = None
    answer: str = ""
    duration: timedelta = timedelta()
    retry_after: float = 0.0


def claim_next(channels: Collection[str] = Channel.values) -> Delivery | None:
    """Return a delivery whose turn has come, held by the caller until its lease ends; None where there is none.

    Only those of the channels that the caller has room for.
    """
    for _ in range(_LOOKS):
        # Looked for anew each time: whoever was faster has put one on its way, and others to the same recipient wait.
        found = _first_due(channels)
        if found is None:
            return None
        if _claim(found):
            return found
    return None


def is_anything_due() -> bool:
    """Is there a delivery whose turn has come?"""
    return _first_due(Channel.values) is not None


def finish_delivery(delivery: Delivery, outcome: Outcome) -> bool:
    """Write down what became of a claimed delivery; return whether the claim still held.

    Where it did not, another worker has the row, and only the attempt is noted. Otherwise `delivery.state` is what it
    has become.
    """
    after = _after(delivery, outcome)
    with transaction.atomic():
        if outcome.result not in (Result.CANCELLED, Result.POSTPONED):
            insert(
                Attempt(
                    delivery=delivery,
                    at=timezone.now(),
                    status=outcome.status,
                    answer=_storable(outcome.answer)[:LONGEST_ANSWER],
                    error=_storable(outcome.error)[:_ERROR_LENGTH],
                    duration_ms=max(0, round(outcome.duration.total_seconds() * 1000)),
                )
            )
        held = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.SENDING, claim=delivery.claim)
        is_ours = bool(held.update(claim=None, lease_until=None, **after))
    if is_ours:
        delivery.state = str(after["state"])
    return is_ours


def forget_deliveries(before: datetime, limit: int = 1000) -> int:
    """Delete what was finished before a time, at most `limit` of it; return how many. Their attempts go too."""
    old = Delivery.objects.filter(finished_at__lt=before).values_list("pk", flat=True)[:limit]
    Delivery.objects.filter(pk__in=list(old)).delete()
    return len(old)


def _claim(found: Delivery) -> bool:
    """Take what was found, unless another worker was faster; return whether it was taken."""
    claim, tries = uuid4(), found.tries
    if not _TAKE.run((found.pace, found.is_ordered), {"pk": found.pk, "tries": tries, "claim": claim}):
        return False
    if found.state == DeliveryState.SENDING:
        insert(Attempt(delivery=found, at=timezone.now(), error=_ABANDONED))
    found.state, found.claim, found.tries = DeliveryState.SENDING, claim, tries + 1
    del found.lease_until  # only the database knows: it is read where somebody asks
    return True


def _due() -> QuerySet[Delivery]:
    """Return what could be tried now, and has no other to the same recipient in its way."""
    same = Delivery.objects.filter(channel=OuterRef("channel"), recipient=OuterRef("recipient"))
    older = same.filter(is_ordered=True, state__in=UNFINISHED, pk__lt=OuterRef("pk"))
    # None is a condition by itself: PostgreSQL would make a join of it, and read and sort all that is due.
    return _ripe().filter(Q(recipient=NO_ACCOUNT) | ~_is_busy(same), Q(is_ordered=False) | ~Exists(older))


def _is_busy(same: QuerySet[Delivery]) -> Q:
    """Return the condition that enough is on its way to a recipient: two, or one where something was tried in vain.

    So whoever stalls takes up two places once, and one from then on.
    """
    tried = same.filter(tries__gt=0, finished_at=None)
    on_its_way = tried.filter(lease_until__gt=Now())
    in_vain = tried.filter(Q(lease_until=None) | Q(tries__gt=1))
    return Q(Exists(on_its_way)) & (Q(Exists(on_its_way[1:2])) | Q(Exists(in_vain)))


def _ripe() -> QuerySet[Delivery]:
    """Return what could be tried now, if it weren't for others."""
    is_waiting = Q(state=DeliveryState.WAITING, next_try_at__lte=Now())
    is_abandoned = Q(state=DeliveryState.SENDING, lease_until__lte=Now())
    # Said once more, for an index: what is finished is most of the table.
    return Delivery.objects.filter(is_waiting | is_abandoned, state__in=UNFINISHED)


def _next(channels: frozenset[str]) -> QuerySet[Delivery]:
    due = _due().order_by("next_try_at", "pk")
    if channels != _ALL:
        # Not asked for in vain: SQLite would rather read a channel's whole past than what is due.
        due = due.filter(channel__in=sorted(channels))
    return due


DUE = CompiledModels(_next, LIMITED)
"""What is to be tried next, of the channels that the shape is made of."""


def _first_due(channels: Collection[str]) -> Delivery | None:
    return DUE.first(frozenset(channels), {})


def _take(shape: tuple[str, bool]) -> Update:
    """Return how one is claimed that is as it was found, of a pace and ordered or not."""
    pace, is_ordered = shape
    # The order is kept strictly. How many are on their way was seen a moment ago, which is good enough.
    free = _due() if is_ordered else _ripe()
    return free.filter(pk=Param("pk"), tries=Param("tries")), {
        "state": DeliveryState.SENDING,
        "claim": Param("claim", Delivery._meta.get_field("claim")),
        "lease_until": Now() + PACES[pace].lease,
        "tries": F("tries") + 1,
    }


_TAKE = CompiledUpdate(_take)


def _after(delivery: Delivery, outcome: Outcome) -> dict[str, object]:
    """Return the columns as the outcome leaves them."""
    error = _storable(outcome.error)[:_ERROR_LENGTH]
    match outcome.result:
        case Result.DELIVERED:
            return _final(DeliveryState.DELIVERED, "")
        case Result.CANCELLED:
            return _final(DeliveryState.CANCELLED, error)
        case Result.POSTPONED:
            # A webhook's is held by its pause in a moment; where that has just ended, tried again soon.
            later = Now() + timedelta(seconds=outcome.retry_after or 60)
            return {
                "state": DeliveryState.WAITING,
                "tries": F("tries") - 1,
                "next_try_at": later,
                "last_error": error,
            }
    pause = _pause_before_next(delivery, outcome)
    if pause is None:
        return _final(DeliveryState.DEAD, error)
    return {"state": DeliveryState.WAITING, "next_try_at": Now() + pause, "last_error": error}


def _final(state: DeliveryState, error: str) -> dict[str, object]:
    return {"state": state, "last_error": error, "finished_at": timezone.now()}


def _pause_before_next(delivery: Delivery, outcome: Outcome) -> timedelta | None:
    """Return how long to wait, None where it is given up."""
    pacing = PACES[delivery.pace]
    if outcome.result is Result.REFUSED or delivery.tries > len(pacing.back_off):
        return None
    planned = pacing.back_off[delivery.tries - 1] * random.uniform(1 - pacing.spread, 1.0)  # noqa: S311  # no secret
    return timedelta(seconds=min(max(planned, outcome.retry_after), _MOST_WAIT))


def _storable(text: str) -> str:
    """Return the text without what PostgreSQL keeps in no column."""
    return text.replace("\0", "\ufffd")
