"""Which letter is composed by what; `baton/wiring.py` says which there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from baton.adapters.mail import Letter
from baton.core.models import Delivery


@dataclass(frozen=True, slots=True)
class Unsent:
    """Why a letter is not sent after all: a sentence for whoever asks."""

    reason: str


@dataclass(frozen=True, slots=True)
class Later:
    """When a letter may be sent that its recipient doesn't want at this hour."""

    until: datetime


Answer = Letter | Unsent | Later
Composer = Callable[[Delivery], Answer]
"""Writes the letter of a delivery, as far as its recipient may and wants to have it at this moment."""

_composers: dict[str, Composer] = {}


def register_composers(composers: Mapping[str, Composer]) -> None:
    """Make these the letters that there are."""
    _composers.clear()
    _composers.update(composers)


def compose(delivery: Delivery) -> Answer:
    """Return the letter of a delivery. Raises KeyError for a letter that nobody composes."""
    return _composers[delivery.letter](delivery)
