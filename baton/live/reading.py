"""What the hub asks the database, in threads: it blocks there, and never the event loop."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from dataclasses import replace
from typing import NamedTuple, TypeVar

from django.db import close_old_connections

from baton.core.events.log import START, Cursor
from baton.core.queries.events import list_events
from baton.core.queries.live_credentials import find_live, find_standing
from baton.core.queries.live_log import find_first, find_reach, find_whole_reach, is_unsettled, read_log
from baton.live.subscription import MOST_BYTES, PAGE, Listener, Page, Subscription
from baton.live.told import Fault, Told

Result = TypeVar("Result")

BATCH = 200


class Change(NamedTuple):
    """Projects that somebody doesn't see any more, and some that they do."""

    gone: Set[int]
    new: Set[int]


class Readers:
    """So many threads, and each with a database connection while it works: as many catch up at the same time."""

    def __init__(self, threads: int, name: str) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)

    async def run(self, act: Callable[..., Result], *given: object) -> Result:
        """Return what `act(*given)` returns, in one of the threads."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, Context().run, _with_connection, act, *given)

    def close(self) -> None:
        """End the threads, after what they are at."""
        self._threads.shutdown()


def _with_connection(act: Callable[..., Result], *given: object) -> Result:
    try:
        return act(*given)
    finally:
        # Broken ones are closed, and on PostgreSQL all go back into the pool.
        close_old_connections()


def read_batch(after: Cursor) -> tuple[list[Told], bool]:
    """Return what follows in the log, and whether there will be more in a moment."""
    found = read_log(after, BATCH)
    told = [Told(one.event, one.place, one.about_user_id) for one in found]
    return told, len(found) == BATCH or is_unsettled(found[-1].place if found else after)


def read_page(listener: Listener, after: Cursor, until: Cursor, unchecked: Cursor | None) -> Page:
    """Return a page of what the listener missed; `unchecked` is a cursor that may be none of this log.

    The events are read first, the credential is looked at after them: none that was written behind its end is told.
    What the listener sees is asked in the statement that reads.
    """
    actor = replace(listener.actor, is_live=True)
    projects = tuple(sorted(listener.projects)) if listener.projects is not None else ()
    is_only = len(projects) == 1
    events = (
        list_events(
            actor,
            after,
            PAGE,
            project_id=projects[0] if is_only else None,
            project_ids=() if is_only else projects,
            until=until,
        )
        if after < until
        else []
    )
    standing = find_standing(listener.credential, unchecked or START)
    if not standing.is_live:
        return Page([], is_last=True, is_live=False)
    if not standing.is_known and unchecked is not None:
        return Page([], is_last=True, fault=_fault(unchecked, until))
    told, size = [], 0
    for event in events:
        told.append(Told(event, Cursor.parse(event.cursor)))
        size += told[-1].size
        if size > MOST_BYTES:
            break
    return Page(told, is_last=len(told) == len(events) < PAGE)


def _fault(cursor: Cursor, end: Cursor) -> Fault:
    if cursor > end:
        return "future"
    return "too_old" if cursor < find_first() else "foreign"


def choose_hearers(
    batch: Sequence[Told], subscriptions: Sequence[Subscription]
) -> tuple[list[tuple[Subscription, list[Told]]], list[Subscription]]:
    """Return who hears what of a batch, and who of them has no good credential any more.

    Asked after the batch was read: whoever lost a right before an event of it was written doesn't see the event.
    """
    wanted = _wanted(batch, subscriptions)
    users = {subscription.listener.actor.person for subscription, _ in wanted}
    projects = {told.event.project for told in batch if told.event.project is not None}
    reach = find_reach(users, projects)
    hearers = []
    for subscription, events in wanted:
        actor = subscription.listener.actor
        seen = [told for told in events if reach.holds(actor, told.event.project, told.about_user_id)]
        if seen:
            hearers.append((subscription, seen))
    dead = find_dead(subscription for subscription, _ in hearers)
    return [(subscription, seen) for subscription, seen in hearers if subscription not in dead], list(dead)


def _wanted(batch: Sequence[Told], subscriptions: Sequence[Subscription]) -> list[tuple[Subscription, Sequence[Told]]]:
    wanted: list[tuple[Subscription, Sequence[Told]]] = []
    for subscription in subscriptions:
        if subscription.ended is None:
            everything = subscription.listener.projects is None
            chosen = batch if everything else [told for told in batch if subscription.wants(told)]
            if chosen:
                wanted.append((subscription, chosen))
    return wanted


def find_dead(subscriptions: Iterable[Subscription]) -> set[Subscription]:
    """Return those whose credential is not good any more."""
    asked = list(subscriptions)
    live = find_live({subscription.listener.credential for subscription in asked})
    return {subscription for subscription in asked if subscription.listener.credential not in live}


def find_changes(asked: Sequence[tuple[Subscription, frozenset[int]]]) -> list[tuple[Subscription, Change]]:
    """Return what has changed for those who were known to see some projects: which are gone, which are new."""
    users = {subscription.listener.actor.person for subscription, _ in asked}
    reach = find_whole_reach(users, frozenset[int]().union(*(seen for _, seen in asked)))
    belongs: dict[int, set[int]] = defaultdict(set)
    for project, user in reach.members:
        belongs[user].add(project)
    changes = []
    for subscription, seen in asked:
        own = belongs[subscription.listener.actor.person]
        gone, new = seen - own - reach.open, _of_interest(subscription.listener, own) - seen
        if gone or new:
            changes.append((subscription, Change(gone, new)))
    return changes


def _of_interest(listener: Listener, projects: set[int]) -> set[int]:
    if listener.projects is not None:
        return set()
    within = listener.actor.project_id
    return projects if within is None else projects & {within}
