"""What one listener still has to be told."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from time import monotonic

from baton.core.actor import Actor
from baton.core.events.log import Cursor
from baton.core.queries.live_credentials import Credential
from baton.live.told import DEAD, SLOW, Dropped, Ended, Fault, Frame, Presence, Quiet, Ready, Resync, Told

MOST_EVENTS = 256
MOST_BYTES = 2**20
SLOW_AFTER = 1.0
PAGE = 100

_NOBODY = Presence(0, ())


@dataclass(frozen=True, slots=True)
class Listener:
    """Who listens, by what credential, and to which projects (None: to all that they see, and to what is their own).

    `has_presence` is whether they are told who watches those, and are shown to others as watching what they named.
    """

    actor: Actor
    credential: Credential
    projects: frozenset[int] | None = None
    has_presence: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A piece of what was missed, and whether nothing follows it; also what is found out with it.

    That is whether the credential is good, and what is wrong with the cursor, if anything.
    """

    told: list[Told]
    is_last: bool
    is_live: bool = True
    fault: Fault | None = None


ReadPage = Callable[[Listener, Cursor, Cursor, Cursor | None], Awaitable[Page]]
"""Reads at most PAGE events behind one place up to another, and checks the third as a cursor where there is one."""


@dataclass(eq=False)
class Subscription:
    """The events between a listener's cursor and now, then those that happen.

    The hub offers what happens from `joined_at` on, which waits here while what was missed before is read in pages.
    More than 256 events or 1 MiB never wait: they are forgotten, and read in pages too. So a burst is no loss to who
    keeps up. Who lets that much wait and has not taken what they were given for a second is ended, with the cursor to
    go on from.
    """

    listener: Listener
    after: Cursor | None
    joined_at: Cursor
    read_page: ReadPage
    delivered: Callable[[], Cursor]
    """Up to where the hub has offered everything."""

    place: Cursor = field(init=False)
    """Everything up to here has been taken by the reader of `frames`."""
    seen: set[int] = field(default_factory=set)
    """Projects that the listener has been known to see."""
    was_looked_at: bool = False
    """Has the hub asked to which projects the listener belongs?"""
    ended: Ended | None = None
    people: dict[int, Presence] = field(default_factory=dict)
    """Who watches which project, as the listener was told last or is about to be."""
    _changed: dict[int, Presence] = field(default_factory=dict)
    _quiet_since: float = field(default_factory=monotonic)
    """When something that has a place was last given: only `Quiet` says how far one has come without it."""
    _waiting: deque[Told | Dropped] = field(default_factory=deque)
    _bytes: int = 0
    _given_at: float | None = None
    """Since when the reader of `frames` is busy with what it was given."""
    _has_overflowed: bool = False
    _stirred: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.place = self.after if self.after is not None else self.joined_at
        self.seen |= self.listener.projects or frozenset()

    def wants(self, told: Told) -> bool:
        """Does the listener want to hear of it, seen or not?"""
        projects = self.listener.projects
        return self.ended is None and (projects is None or told.event.project in projects)

    def offer(self, told: Told) -> None:
        """Let an event that the listener sees wait to be taken."""
        if self.ended is not None:
            return
        if told.event.project is not None:
            self.seen.add(told.event.project)
        if not self._has_overflowed:
            self._waiting.append(told)
            self._bytes += told.size
        if len(self._waiting) > MOST_EVENTS or self._bytes > MOST_BYTES:
            self._forget_events()
            self._has_overflowed = True
        if self._has_overflowed and self._given_at is not None and monotonic() - self._given_at > SLOW_AFTER:
            self.end(SLOW)
        self._stirred.set()

    def show(self, presence: Presence) -> None:
        """Say who watches a project, where that is news: the latest counts, whatever waited to be taken."""
        if self.ended is not None or self.people.get(presence.project_id, _NOBODY).people == presence.people:
            return
        if presence.people:
            self.people[presence.project_id] = presence
        else:
            del self.people[presence.project_id]
        self._changed[presence.project_id] = presence
        self._stirred.set()

    def drop(self, project_id: int) -> None:
        """Say that the project is not seen any more; what waits of it is not told."""
        self.seen.discard(project_id)
        self.forget_people(project_id)
        kept = [one for one in self._waiting if isinstance(one, Dropped) or one.event.project != project_id]
        self._waiting = deque([*kept, Dropped(project_id)])
        self._bytes = sum(one.size for one in kept if isinstance(one, Told))
        self._stirred.set()

    def forget_people(self, project_id: int) -> None:
        """Take back what waits to be said of who watches a project that is not seen any more."""
        self.people.pop(project_id, None)
        self._changed.pop(project_id, None)

    def end(self, why: str) -> None:
        """Tell nothing more, not even what waits."""
        if self.ended is None:
            self.ended = Ended(why, self.place)
            self._waiting.clear()
            self._bytes = 0
            self.people.clear()
            self._changed.clear()
            self._stirred.set()

    async def frames(self, quiet_after: float) -> AsyncGenerator[Frame]:
        """Give all there is to tell, in order, to its end; `Quiet` after so many seconds with nothing."""
        async with aclosing(self._all(quiet_after)) as frames:
            async for frame in frames:
                self._given_at = monotonic()
                yield frame
                self._given_at = None

    async def _all(self, quiet_after: float) -> AsyncGenerator[Frame]:
        if self.after is not None:
            async for frame in self._catch_up(self.joined_at, self.after):
                yield frame
                if isinstance(frame, Resync):
                    return
        if self.ended is None:
            yield Ready(self.place)
            self._quiet_since = monotonic()
        while self.ended is None:
            if self._has_overflowed:
                self._has_overflowed = False
                async for frame in self._catch_up(max(self.joined_at, self.delivered()), None):
                    yield frame
                continue
            following = await self._next(quiet_after)
            if following is not None:
                yield following
        yield self.ended

    async def _catch_up(self, until: Cursor, unchecked: Cursor | None) -> AsyncGenerator[Frame]:
        """Give what is behind `place`, up to `until` or to where nothing has run over in the meantime."""
        while self.ended is None and (unchecked is not None or self.place < until):
            page = await self.read_page(self.listener, self.place, until, unchecked)
            if not page.is_live:
                self.end(DEAD)
            if self.ended is not None:
                break
            if page.fault:
                yield Resync(page.fault, self.joined_at)
                return
            unchecked = None
            for told in page.told:
                if self.ended is not None:
                    break
                self.place = told.place
                yield told
            if page.is_last:
                self.place = max(self.place, until)
            if self._has_overflowed and self.place >= until:
                # Nothing can slip in between these lines: the hub offers in the same thread.
                until, self._has_overflowed = max(until, self.delivered()), False

    async def _next(self, quiet_after: float) -> Frame | None:
        """Return what to tell next; None where it turns out to be nothing."""
        if not self._waiting and not self._changed:
            self._stirred.clear()
            try:
                async with asyncio.timeout(self._quiet_since + quiet_after - monotonic()):
                    await self._stirred.wait()
            except TimeoutError:
                self._quiet_since = monotonic()
                self.place = max(self.place, self.delivered())
                return Quiet(self.place)
        if self._changed:
            return self._changed.pop(next(iter(self._changed)))
        if not self._waiting:
            return None
        self._quiet_since = monotonic()
        one = self._waiting.popleft()
        if isinstance(one, Told):
            self._bytes -= one.size
            if one.place <= self.place:
                return None  # it was read from the database already
            self.place = one.place
        return one

    def _forget_events(self) -> None:
        self._waiting = deque(one for one in self._waiting if isinstance(one, Dropped))
        self._bytes = 0
