"""Letters that come round after a length of time that the operator sets; `baton/wiring.py` says which there are.

The days of everybody's time since 1970 are cut into such lengths, so that whoever asks, whenever they were started,
means the same ones. Each begins with one round: after a downtime the last one is made up for, the others are not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from baton.core.commands.job_slots import find_latest_slot, take_slot

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Round:
    """What comes round: `period` is how often (none at all: never), `queue` writes the letters and returns how many.

    `queue` is told what the round is called, as their occasion, and runs in the transaction that takes it.
    """

    name: str
    period: Callable[[], timedelta]
    queue: Callable[[str], int]


_rounds: list[Round] = []


def register_rounds(rounds: Sequence[Round]) -> None:
    """Make these the rounds that there are."""
    _rounds[:] = rounds


def make_rounds() -> int:
    """Make the rounds whose time has come, each once however many ask; return the number of letters written."""
    return sum(_make(one, period) for one in _rounds if (period := one.period()) > timedelta())


def _make(one: Round, period: timedelta) -> int:
    now = timezone.now()
    # Spelt so that the later one is greater; another period may have the same beginnings.
    slot = f"{now - (now - _EPOCH) % period:%Y-%m-%dT%H:%M:%SZ}"
    latest = find_latest_slot(one.name)
    if latest is not None and latest >= slot:
        return 0
    with transaction.atomic():
        if not take_slot(one.name, slot):
            return 0
        # Before the first one nothing has come round: it began before this server knew of it.
        return 0 if latest is None else one.queue(f"{one.name}:{slot}")
