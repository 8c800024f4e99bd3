"""Writing down that people are told of something, and the letters that tell them by mail. It leaves no event.

A notification is there once for each person and occasion, so telling the same again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from baton.core.commands.mail_queue import LetterOrder, queue_letters
from baton.core.models import Delivery, Event, Notification
from baton.core.models.delivery import Channel, DeliveryState, Pace
from baton.core.models.notification import Kind, Mode, Silence
from baton.core.policies.mail_modes import Recipient, Wish, modes_of, recipients

GATHERED = "gathered"
"""The letter that tells of several changes of a task."""

_OF_THE_CONTRACT = (Kind.ASSIGNED, Kind.DUE_SOON)
"""What the original of the native API wrote letters about, which says how often they are tried."""

_Thread = tuple[int, int | None, int | None]
"""A person and what one letter of theirs may be about: a task, or without one a project."""


@dataclass(frozen=True, slots=True)
class Telling:
    """Somebody is to be told of something.

    `event` is what it follows from, if any. `order` is the letter that a dialect writes to them about it; with
    `is_dialects` they get that one or none.
    """

    user_id: int
    kind: Kind
    occasion: str
    project_id: int | None
    task_id: int | None = None
    event: Event | None = None
    is_dialects: bool = False
    order: LetterOrder | None = None

    @property
    def wish(self) -> Wish:
        """What the person's settings are asked."""
        return Wish(self.user_id, self.project_id, self.kind)

    @property
    def thread(self) -> _Thread:
        """What a letter that gathers it is about."""
        return self.user_id, self.task_id, self.project_id


def tell(tellings: Iterable[Telling], others: Sequence[LetterOrder] = ()) -> int:
    """Write the notifications that aren't there, their letters and the `others`; return how many letters tell of it.

    Only to active people. The caller is in a transaction that keeps a second one from telling the same, and wakes a
    worker after its commit.
    """
    new = _new(tellings)
    reached = recipients(telling.user_id for telling in new)
    modes = modes_of(telling.wish for telling in new)
    told = [telling for telling in new if telling.user_id in reached and not _is_unasked(telling, modes)]
    gathered = _find_waiting(telling for telling in told if modes[telling.wish] == Mode.GATHERED)
    rows, orders = [], {(order.recipient, order.occasion): order for order in others}
    letters: list[tuple[Notification, LetterOrder]] = []
    for telling in told:
        recipient, mode = reached[telling.user_id], modes[telling.wish]
        silence = _silence(telling, recipient, mode)
        row = _make(telling, mode, silence)
        rows.append(row)
        order = None if silence else _letter(telling, recipient, mode, gathered)
        if order is not None:
            letters.append((row, order))
            orders[order.recipient, order.occasion] = order
    written = queue_letters(orders.values()) if orders else {}
    for row, order in letters:
        row.delivery_id = written[order.recipient, order.occasion]
    Notification.objects.bulk_create(rows)
    return len(orders)


def _new(tellings: Iterable[Telling]) -> list[Telling]:
    """Return those that nobody has been told, each once."""
    wanted = {(telling.user_id, telling.occasion): telling for telling in tellings}
    there = Notification.objects.filter(
        user__in={user for user, _ in wanted}, occasion__in={occasion for _, occasion in wanted}
    )
    for key in there.values_list("user_id", "occasion") if wanted else ():
        wanted.pop(key, None)
    return list(wanted.values())


def _is_unasked(telling: Telling, modes: Mapping[Wish, str]) -> bool:
    """Is it of the kind that nobody hears of who hasn't asked? Of all others there is a notification at least."""
    return telling.kind == Kind.CREATED and modes[telling.wish] == Mode.OFF


def _silence(telling: Telling, recipient: Recipient, mode: str) -> str:
    """Return why no letter tells of it, empty where one will."""
    if mode == Mode.OFF:
        return Silence.OFF
    if telling.is_dialects and telling.order is None:
        return Silence.DIALECT
    return "" if recipient.has_address else Silence.NO_ADDRESS


def _letter(
    telling: Telling, recipient: Recipient, mode: str, gathered: dict[_Thread, LetterOrder]
) -> LetterOrder | None:
    """Return the letter that tells of it at its time; None where it waits for a digest."""
    if telling.order is not None:
        return telling.order
    if mode == Mode.AT_ONCE:
        pace = Pace.TASK_MANAGER if telling.kind in _OF_THE_CONTRACT else Pace.LETTER
        return _order(telling, telling.kind, telling.occasion, recipient.delay(timezone.now()), pace)
    if mode == Mode.GATHERED:
        minutes = timedelta(minutes=recipient.hours.gather_minutes)
        occasion = f"{GATHERED}:{telling.task_id or 0}:{telling.occasion}"
        new = _order(telling, GATHERED, occasion, recipient.delay(timezone.now(), minutes))
        return gathered.setdefault(telling.thread, new)
    return None


def _find_waiting(tellings: Iterable[Telling]) -> dict[_Thread, LetterOrder]:
    """Return the letters that are still gathering for these, locked so that none of them is sent meanwhile."""
    wanted = list(tellings)
    if not wanted:
        return {}
    waiting = Delivery.objects.select_for_update(no_key=True).filter(
        Q(task__in={telling.task_id for telling in wanted} - {None}) | Q(task=None),
        channel=Channel.MAIL,
        recipient__in={telling.user_id for telling in wanted},
        letter=GATHERED,
        state=DeliveryState.WAITING,
        tries=0,
        run=0,
    )
    return {
        (row.recipient, row.task_id, row.project_id): LetterOrder(
            GATHERED, row.recipient, row.occasion, None, row.project_id, row.task_id
        )
        for row in waiting.order_by("pk")
    }


def _order(telling: Telling, letter: str, occasion: str, after: timedelta, pace: Pace = Pace.LETTER) -> LetterOrder:
    return LetterOrder(
        letter, telling.user_id, occasion, telling.event, telling.project_id, telling.task_id, pace, after
    )


def _make(telling: Telling, mode: str, silence: str) -> Notification:
    return Notification(
        user_id=telling.user_id,
        kind=telling.kind,
        occasion=telling.occasion,
        event=telling.event,
        project_id=telling.project_id,
        task_id=telling.task_id,
        actor_id=telling.event.actor_id if telling.event else None,
        created_at=timezone.now(),
        mode=mode,
        silence=silence,
    )
