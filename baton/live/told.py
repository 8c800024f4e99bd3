"""What listeners are told. An event is made into bytes once for each wire, however many hear of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

import msgspec

from baton.core.events.log import Cursor
from baton.core.queries import shapes

Fault = Literal["too_old", "future", "foreign"]

Wire = TypeVar("Wire")

_encode = msgspec.json.Encoder().encode


class Told:
    """An event on its way to those who may hear of it."""

    __slots__ = ("_forms", "about_user_id", "event", "json", "place")

    def __init__(self, event: shapes.Event, place: Cursor, about_user_id: int | None = None) -> None:
        self.event = event
        self.place = place
        self.about_user_id = about_user_id
        self.json = _encode(event)
        self._forms: dict[Callable[[Told], object], object] = {}

    @property
    def size(self) -> int:
        """The bytes that it takes while it waits."""
        return len(self.json)

    def in_form(self, make: Callable[[Told], Wire]) -> Wire:
        """Return what `make` makes of it, made once."""
        if make not in self._forms:
            self._forms[make] = make(self)
        return self._forms[make]  # type: ignore[return-value]  # kept under its maker


@dataclass(frozen=True, slots=True)
class Ready:
    """Everything up to here has been told; from here on it is told as it happens."""

    cursor: Cursor


@dataclass(frozen=True, slots=True)
class Resync:
    """The cursor to go on from is none of this log: fetch anew, and go on from here."""

    reason: Fault
    cursor: Cursor


@dataclass(frozen=True, slots=True)
class Dropped:
    """The project is not seen any more."""

    project_id: int


@dataclass(frozen=True, slots=True)
class Presence:
    """These people watch the project now. It has no place in the log: nobody has to be told twice."""

    project_id: int
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Quiet:
    """Nothing has happened for a while; everything up to here has been told."""

    cursor: Cursor


@dataclass(frozen=True, slots=True)
class Ended:
    """Nothing more comes. `why` is one of the reasons below; `cursor` is where to go on from."""

    why: str
    cursor: Cursor


DEAD, SLOW, LEAVING = "dead_credential", "too_slow", "going_away"

Frame = Told | Ready | Resync | Dropped | Presence | Quiet | Ended
