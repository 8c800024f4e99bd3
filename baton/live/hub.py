"""The hub: it reads the log forward, once for all who listen in this process, and only while somebody does."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from time import time
from typing import TypeVar

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError

from baton.adapters.bus import Channel
from baton.adapters.bus.announcing import Ear
from baton.adapters.bus.listening import Listening
from baton.core.events.log import START, Cursor
from baton.core.queries.events import find_end
from baton.live.presence import Watchers
from baton.live.reading import Readers, choose_hearers, find_changes, find_dead, read_batch, read_page
from baton.live.subscription import Listener, Page, Subscription
from baton.live.told import DEAD, LEAVING, Told

Result = TypeVar("Result")

logger = structlog.get_logger(__name__)

OUT_OF_REACH = "unavailable"

_OUTAGE = (DatabaseError, InterfaceError)
_CATCHING_UP = 4
# What follows more closely is read together: at many events a second most of the work is per batch.
_BREATH = 0.01
# What is committed but not settled waits for an older transaction, which announces nothing at its end if it wrote none.
_UNSETTLED = 0.02
_WATCH_EVERY = 1.0
_TRY_AGAIN = 1.0
_LINGERS = 5.0
_FAREWELL = 2.0


class Hub:
    """Who listens in this process. Everything but the reading happens in one event loop.

    `head` is how far the log has been read, `delivered` up to where all of it has been offered. Who joins between the
    two begins at `head`, and reads what is before it from the database.
    """

    def __init__(self) -> None:
        self.head = START
        self.delivered = START
        self._subscriptions: set[Subscription] = set()
        self._watchers = Watchers() if settings.BATON_PRESENCE else None
        self._seats: Counter[int] = Counter()
        self._seated: dict[object, Callable[[], None]] = {}
        self._emptied = asyncio.Event()
        self._reader = Readers(1, "live-log")
        self._catchers = Readers(_CATCHING_UP, "live-page")
        self._woken = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._listening: Listening | None = None
        self._started = asyncio.Lock()
        self._is_closing = False
        self._looked_at: Cursor | None = None
        self._lingering: asyncio.Task[None] | None = None

    @property
    def count(self) -> int:
        """How many listen."""
        return len(self._subscriptions)

    @property
    def is_reading(self) -> bool:
        """Does it read the log at present?"""
        return bool(self._tasks)

    def has_seat(self, user_id: int) -> bool:
        """May the user have one connection more? Asked from any thread."""
        return not self._is_closing and self._seats[user_id] < settings.BATON_SOCKETS_PER_USER

    @asynccontextmanager
    async def seat(self, user_id: int, on_leaving: Callable[[], None] = lambda: None) -> AsyncIterator[bool]:
        """Hold one of the user's places for a connection; gives whether there was one.

        `on_leaving` is called when the server is about to stop, which waits a little for the place to be given back.
        """
        has_one = self.has_seat(user_id)
        self._seats[user_id] += 1
        seat = object()
        self._seated[seat] = on_leaving
        try:
            yield has_one
        finally:
            del self._seated[seat]
            if not self._seated:
                self._emptied.set()
            self._seats[user_id] -= 1
            if not self._seats[user_id]:
                del self._seats[user_id]

    @asynccontextmanager
    async def subscribe(self, listener: Listener, after: Cursor | None) -> AsyncIterator[Subscription]:
        """Let somebody listen from a place on, or from now (None). Raises DatabaseError where the log can't be read."""
        await self._start()
        subscription = Subscription(listener, after, self.head, self._read_page, lambda: self.delivered)
        self._subscriptions.add(subscription)
        if self._is_closing:
            subscription.end(LEAVING)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)
            if not self._subscriptions and self._lingering is None:
                self._lingering = asyncio.create_task(self._stop_later())

    async def ask(self, act: Callable[..., Result], *given: object) -> Result:
        """Return what `act(*given)` returns, in a thread that may ask the database."""
        return await self._catchers.run(act, *given)

    async def close(self) -> None:
        """End all subscriptions, and take no more."""
        self._is_closing = True
        for subscription in tuple(self._subscriptions):
            subscription.end(LEAVING)
        for leave in tuple(self._seated.values()):
            leave()
        if self._seated:
            self._emptied.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(_FAREWELL):
                    await self._emptied.wait()

    async def shut_down(self) -> None:
        """Stop everything."""
        await self.close()
        if self._lingering is not None:
            self._lingering.cancel()
        await self._stop()
        self._reader.close()
        self._catchers.close()

    async def _start(self) -> None:
        async with self._started:
            if self._tasks:
                return
            self._woken.clear()
            ears = {Channel.LOG: _in_loop(lambda _: self._woken.set())}
            if self._watchers is not None:
                ears[Channel.PRESENCE] = _in_loop(self._watchers.hear)
            listening = Listening(ears)
            # Behind the first ear nothing is missed, whatever is committed while the end is looked for. It starts a
            # thread and no more; waited for in another, it would go on listening where the wait is cancelled.
            listening.start()
            try:
                self.head = self.delivered = await self._reader.run(find_end)
            except BaseException:
                await asyncio.to_thread(listening.stop)
                raise
            self._listening = listening
            self._tasks = [asyncio.create_task(self._follow()), asyncio.create_task(self._watch())]

    async def _stop_later(self) -> None:
        # A client who polls comes back in a moment.
        await asyncio.sleep(_LINGERS)
        self._lingering = None
        await self._stop()

    async def _stop(self) -> None:
        async with self._started:
            if self._subscriptions and not self._is_closing:
                return
            tasks, self._tasks = self._tasks, []
            listening, self._listening = self._listening, None
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task
            if self._watchers is not None:
                self._watchers.say(frozenset())
            if listening is not None:
                await asyncio.to_thread(listening.stop)

    async def _read_page(self, listener: Listener, after: Cursor, until: Cursor, unchecked: Cursor | None) -> Page:
        return await self._catchers.run(read_page, listener, after, until, unchecked)

    async def _follow(self) -> None:
        """Read on whenever somebody wrote, and now and then in any case: a wake-up may be lost."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(settings.BATON_STREAM_POLL_SECONDS):
                    await self._woken.wait()
            self._woken.clear()
            try:
                await self._read_on()
            except _OUTAGE as error:
                logger.warning("hub.out_of_reach", error=str(error).strip())
                await asyncio.sleep(_TRY_AGAIN)
            except Exception:
                logger.exception("hub.failed")
                await asyncio.sleep(_TRY_AGAIN)

    async def _read_on(self) -> None:
        while True:
            batch, has_more = await self._reader.run(read_batch, self.head)
            if batch:
                await self._deliver(batch)
            elif not has_more:
                return
            await asyncio.sleep(_BREATH if batch else _UNSETTLED)

    async def _deliver(self, batch: list[Told]) -> None:
        # Fixed together: who joins from here on begins behind the batch.
        self.head, present = batch[-1].place, tuple(self._subscriptions)
        try:
            hearers, dead = await self._reader.run(choose_hearers, batch, present)
        except Exception:
            # Nobody must go on behind events that they were not told: they come back with their cursors.
            for subscription in present:
                subscription.end(OUT_OF_REACH)
            self.delivered = self.head
            raise
        for subscription in dead:
            subscription.end(DEAD)
        for subscription, seen in hearers:
            for told in seen:
                subscription.offer(told)
        self.delivered = self.head

    async def _watch(self) -> None:
        """End who has no good credential any more and drop what is not seen any more, also when nothing is told.

        What is left is who watches.
        """
        while True:
            await asyncio.sleep(_WATCH_EVERY)
            try:
                await self._look_at_all()
                if self._watchers is not None:
                    await self._watchers.tell(self._subscriptions, self.head, self._reader.run)
            except _OUTAGE as error:
                logger.warning("hub.out_of_reach", error=str(error).strip())
            except Exception:
                logger.exception("hub.failed")

    async def _look_at_all(self) -> None:
        present = [subscription for subscription in self._subscriptions if subscription.ended is None]
        now = time()
        for subscription in present:
            ends_at = subscription.listener.credential.ends_at
            if ends_at is not None and ends_at <= now:
                subscription.end(DEAD)
        for subscription in await self._reader.run(find_dead, present):
            subscription.end(DEAD)
        # Who belongs where changes with an event only.
        head = self.head
        if head == self._looked_at and all(subscription.was_looked_at for subscription in present):
            return
        asked = [(subscription, frozenset(subscription.seen)) for subscription in present]
        for subscription, change in await self._reader.run(find_changes, asked):
            subscription.seen |= change.new
            for project in change.gone:
                subscription.drop(project)
        for subscription in present:
            subscription.was_looked_at = True
        self._looked_at = head


def _in_loop(act: Ear) -> Ear:
    loop = asyncio.get_running_loop()

    def hear(said: str) -> None:
        # Called in threads that have just committed: a loop that is gone must not be their trouble.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(act, said)

    return hear
