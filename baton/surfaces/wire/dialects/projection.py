"""What a dialect can show of a task, and what is meant when it comes back.

A dialect that shows less than there is would blur it by writing back what it has read. So whoever sends the value that
the dialect shows already changes nothing: that holds for statuses, texts longer than a dialect allows, dates without a
time of day, and the one assignee that a dialect knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any

from rest_framework.serializers import Serializer

from baton.core.errors import FieldError
from baton.core.models import Status


@dataclass(frozen=True)
class StatusProjection:
    """How a dialect spells the states. `shown` has a word for each state, `read` a state for each word it takes."""

    shown: Mapping[str, str]
    read: Mapping[str, str]

    def __post_init__(self) -> None:
        if set(self.shown) != set(Status.values) or not set(self.read.values()) <= set(Status.values):
            raise ValueError("a projection shows every state and reads nothing else")
        if not set(self.shown.values()) <= set(self.read):
            raise ValueError("what a projection shows it can read")

    @property
    def words(self) -> tuple[str, ...]:
        """Every word that may be sent."""
        return tuple(self.read)

    def show(self, state: str) -> str:
        """Return the word for a state."""
        return self.shown[state]

    def choose(self, sent: str, present: str | None = None) -> str:
        """Return the state that is meant by a word; the present one where that is shown so. Raises KeyError."""
        meant = self.read[sent]
        if present is not None and self.shown[present] == self.shown[meant]:
            return present
        return meant

    def states_shown_as(self, sent: str) -> tuple[str, ...]:
        """Return the states that a filter for this word means. Raises KeyError."""
        word = self.shown[self.read[sent]]
        return tuple(state for state, shown in self.shown.items() if shown == word)


def sent_anew(sent: Mapping[str, Any], shown: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was sent and differs from what the dialect shows; what it shows may always be sent back."""
    return {name: value for name, value in sent.items() if name not in shown or shown[name] != value}


def leave_as_shown(shape: Serializer[Any], sent: object, shown: Mapping[str, object]) -> None:
    """Take out of a form what is sent as the dialect shows it: it changes nothing, whatever the form says of it."""
    if not isinstance(sent, Mapping):
        return
    for name, value in shown.items():
        if name in shape.fields and name in sent and _is_shown(sent[name], value):
            del shape.fields[name]


def _is_shown(sent: object, shown: object) -> bool:
    if isinstance(sent, bool):
        return False
    if isinstance(sent, dict) and isinstance(shown, int):
        # Somebody who is shown as a whole, and known by their id.
        return bool(sent.get("id") == shown)
    if isinstance(sent, list) and isinstance(shown, list) and len(sent) == len(shown):
        return all(map(_is_shown, sent, shown))
    # A form has nothing but words, and writes none for null.
    return sent == shown or (sent == "" and shown is None) or (isinstance(shown, int) and sent == str(shown))


def check_length(
    pointer: str, sent: str, limit: int, present: str | None = None, code: str = "max_length"
) -> list[FieldError]:
    """Check a text against the length that a dialect allows; one that is there already may be sent back."""
    if len(sent) <= limit or sent == present:
        return []
    return [FieldError(pointer, code, f"Ensure this field has no more than {limit} characters.")]


def show_date(moment: datetime | None, zone: tzinfo = UTC) -> date | None:
    """Return the day of a due time, for a dialect that knows no time of day."""
    return None if moment is None else moment.astimezone(zone).date()


def choose_due(sent: date | None, present: datetime | None = None, zone: tzinfo = UTC) -> datetime | None:
    """Return the due time that a day means: the present one on the day that is shown, else the day's beginning."""
    if sent is None:
        return None
    if present is not None and show_date(present, zone) == sent:
        return present
    return datetime.combine(sent, time.min, zone).astimezone(UTC)
