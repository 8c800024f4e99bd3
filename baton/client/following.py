"""Following the event log: the place one has come to, whatever way events come in.

Server-Sent Events where the server streams, long polling where it does not (a server without its ASGI side).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

import msgspec

from baton.client import requests
from baton.client.calls import Call, Message, query_of
from baton.client.errors import BadAnswer, Invalid, Refused, Resync
from baton.client.retries import ENDLESS, Patience, back_off
from baton.client.shapes import Event, EventPage

T = TypeVar("T")

POLL_SECONDS = 25
POLL_PAUSE = 1.0
# The server says something every 25 seconds; after twice that the connection is dead.
QUIET_SECONDS = 60.0
NO_STREAM = frozenset({404, 405, 406, 501})


class StreamItem(Protocol):
    """What a Server-Sent Event is made of."""

    @property
    def event(self) -> str:
        """Its kind."""

    @property
    def data(self) -> str:
        """What it says."""

    @property
    def id(self) -> str:
        """The place in the log that it ends at."""


class _Resync(msgspec.Struct):
    reason: str
    cursor: str | None = None


@dataclass
class Following:
    """One follower's place in the log. Every event is let through once: none at or before `after` again."""

    after: str | None
    projects: Collection[int] | None
    patience: Patience
    is_catching_up: bool = field(default=False, init=False)
    _failures: int = field(default=0, init=False)

    def stream_message(self) -> Message:
        """Return the request for the stream behind the present place."""
        projects = [str(project) for project in self.projects] if self.projects else None
        query = query_of({"after": self.after, "projects": projects})
        headers = (("Accept", "text/event-stream"), ("Cache-Control", "no-store"))
        return Message("GET", "/api/stream/", query, headers=headers, is_streamed=True, timeout=QUIET_SECONDS)

    def take(self, item: StreamItem) -> Event | None:
        """Return the event of a stream's item, None where it is none or known already. Raises Resync, BadAnswer."""
        self.has_connected()
        if item.event == "resync":
            resync = _decode(item.data, _Resync)
            raise Resync(resync.reason, resync.cursor)
        if item.event == "message" and item.data:
            return self._new(_decode(item.data, Event))
        # `ready`, a sign of life, or what only newer servers say: the place moves on.
        self._move_to(item.id or None)
        return None

    def poll_call(self) -> Call[EventPage]:
        """Return the request for the next page of events; of several projects the others' are left out here.

        Polling knows no "from now": without a place, the log is first read to its end (`is_catching_up`).
        """
        self.is_catching_up |= self.after is None
        only = next(iter(self.projects)) if self.projects and len(self.projects) == 1 else None
        wait = None if self.is_catching_up else POLL_SECONDS
        call = requests.poll_events(self.after, only, requests.LARGEST_PAGE, wait)
        return replace(call, message=replace(call.message, timeout=QUIET_SECONDS))

    def check_calls(self) -> Iterator[Call[EventPage]]:
        """Yield requests that are refused where one of several projects can't be seen: polling looks at all it sees."""
        for project in self.projects or ():
            yield requests.poll_events(self.after, project, 1, None)

    def take_page(self, page: EventPage) -> Iterator[Event]:
        """Yield the new events of a page and move behind it."""
        self.has_connected()
        for event in [] if self.is_catching_up else page.results:
            is_asked_for = not self.projects or event.project in self.projects
            if is_asked_for and (new := self._new(event)):
                yield new
        self._move_to(page.cursor)
        self.is_catching_up &= page.next is not None

    def resync_of(self, refusal: Refused) -> Refused | Resync:
        """Return what a refusal means to a follower: a cursor that the log does not know is a Resync."""
        if (
            self.after is not None
            and _is_place(self.after)
            and isinstance(refusal, Invalid)
            and any(error.code == "invalid_cursor" for error in refusal.errors)
        ):
            return Resync("unknown", None)
        return refusal

    def has_connected(self) -> None:
        """Note that the server answers: from now on it is waited for without end."""
        self.patience = ENDLESS
        self._failures = 0

    def pause(self) -> float:
        """Return how long to wait after a connection that ended."""
        self._failures += 1
        return back_off(self._failures)

    def _new(self, event: Event) -> Event | None:
        return event if self._move_to(event.cursor) else None

    def _move_to(self, cursor: str | None) -> bool:
        """Go on to a later place; return whether it is one."""
        if cursor is None or (self.after is not None and _place(cursor) <= _place(self.after)):
            return False
        self.after = cursor
        return True


def is_without_stream(refusal: Refused) -> bool:
    """Does the server have no stream? A project that can't be seen is 404 too; polling will say so."""
    return refusal.status in NO_STREAM


def _is_place(text: str) -> bool:
    return all(part.isascii() and part.isdigit() for part in text.split("-"))


def _place(cursor: str) -> tuple[int, ...]:
    if not _is_place(cursor):
        raise BadAnswer(f"{cursor!r} is no cursor of an event log.")
    return tuple(int(part) for part in cursor.split("-"))


def _decode(text: str, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.DecodeError as error:
        raise BadAnswer(f"The stream sent what is no event ({error}).") from None
