"""Who watches which project (`BATON_PRESENCE`), in this process and in the others.

A process says who watches what there whenever that changes, and all of it again every few seconds. What is not said
again is forgotten, and so is all of a process that died. Nobody is shown because another process says so: whether they
see the project is asked here, at each telling.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence, Set
from heapq import nsmallest
from math import inf
from secrets import token_hex
from time import monotonic

import msgspec
import structlog

from baton.adapters.bus import Channel
from baton.adapters.bus.announcing import tell_others
from baton.core.events.log import Cursor
from baton.core.policies.visibility import Reach
from baton.core.queries.live_log import find_reach
from baton.live.subscription import Listener, Subscription
from baton.live.told import Presence

logger = structlog.get_logger(__name__)

Watch = tuple[int, int]
"""A project, and a user who watches it."""

BEAT = 2.0
FORGOTTEN_AFTER = 3 * BEAT
MOST_PEOPLE = 500
MOST_PROJECTS = 100
_MOST_SAID = 10_000
_MOST_HEARD = 100_000
# With the largest ids there are, as many are not too long for the bus.
_IN_ONE = 150


class _Said(msgspec.Struct):
    """What one process tells the others."""

    process: str
    here: Sequence[Watch] = ()
    gone: Sequence[Watch] = ()


_decode = msgspec.json.Decoder(_Said).decode


class Watchers:
    """Who watches what, as far as this process knows. Everything but `find_shown` happens in one event loop."""

    def __init__(self) -> None:
        self._name = token_hex(8)
        self._said: frozenset[Watch] = frozenset()
        self._said_at = -inf
        self._heard: dict[str, dict[Watch, float]] = {}
        self._told: object = None
        """What the last telling followed from: while that is the same, there is nothing new to tell."""

    def hear(self, said: str) -> None:
        """Take in what was announced; nothing where something may have been missed, by others as well."""
        if not said:
            self._said_at = -inf
            return
        try:
            heard = _decode(said)
        except msgspec.DecodeError as error:
            logger.debug("presence.not_understood", error=str(error))
            return
        if heard.process != self._name:
            self._take(heard)

    async def tell(
        self,
        subscriptions: Iterable[Subscription],
        head: Cursor,
        ask: Callable[..., Awaitable[Sequence[Sequence[Presence]]]],
    ) -> None:
        """Tell other processes who watches what here, and these subscriptions who watches what they see.

        `ask` runs what asks the database. Raises DatabaseError; then nobody here was told anything.
        """
        audience = [one for one in subscriptions if one.listener.has_presence and one.ended is None]
        here = _watches_of(audience)
        self.say(here)
        everywhere = here.union(*self._heard_lately())
        # Who sees what changes with an event only.
        follows_from = head, everywhere, frozenset(audience)
        if follows_from == self._told:
            return
        asked = [(one.listener, frozenset(one.people)) for one in audience]
        for subscription, shown in zip(audience, await ask(find_shown, everywhere, asked), strict=True):
            for project in subscription.people.keys() - {presence.project_id for presence in shown}:
                subscription.forget_people(project)
            for presence in shown:
                subscription.show(presence)
        self._told = follows_from

    def say(self, here: frozenset[Watch]) -> None:
        """Tell other processes what has changed since the last time; now and then, all of it."""
        if len(here) > _MOST_SAID:
            here = frozenset(nsmallest(_MOST_SAID, here))
        now = monotonic()
        is_due = now - self._said_at >= BEAT
        for some in _pieces(here if is_due else here - self._said):
            self._announce(_Said(self._name, here=some))
        for some in _pieces(self._said - here):
            self._announce(_Said(self._name, gone=some))
        self._said = here
        if is_due:
            self._said_at = now

    def _announce(self, said: _Said) -> None:
        tell_others(Channel.PRESENCE, msgspec.json.encode(said).decode())

    def _take(self, heard: _Said) -> None:
        if heard.process not in self._heard:
            # It has just begun, and knows as little of this one.
            self._said_at = -inf
        known = self._heard.setdefault(heard.process, {})
        now, room = monotonic(), _MOST_HEARD - sum(map(len, self._heard.values()))
        known.update(dict.fromkeys(heard.here[: max(room, 0)], now))
        for watch in heard.gone:
            known.pop(watch, None)

    def _heard_lately(self) -> Iterable[Set[Watch]]:
        since = monotonic() - FORGOTTEN_AFTER
        lately = {
            process: {watch: heard_at for watch, heard_at in known.items() if heard_at > since}
            for process, known in self._heard.items()
        }
        self._heard = {process: known for process, known in lately.items() if known}
        return [known.keys() for known in self._heard.values()]


def find_shown(everywhere: Set[Watch], asked: Sequence[tuple[Listener, Set[int]]]) -> list[list[Presence]]:
    """Return for each listener who watches what they see now, of those who see it themselves.

    With each comes of which projects they know that somebody watched them: nobody may be left.
    """
    projects = {project for project, _ in everywhere}.union(*(known for _, known in asked))
    users = {user for _, user in everywhere} | {listener.actor.person for listener, _ in asked}
    reach = find_reach(users, projects)
    watched = _people(everywhere, reach)
    belongs: dict[int, set[int]] = defaultdict(set)
    for project, user in reach.members:
        belongs[user].add(project)
    is_open = nsmallest(MOST_PROJECTS, reach.open & watched.keys())
    return [
        [
            watched.get(project) or Presence(project, ())
            for project in sorted(_of_interest(listener, watched, belongs, is_open) | known)
            if reach.holds(listener.actor, project, None)
        ]
        for listener, known in asked
    ]


def _people(everywhere: Set[Watch], reach: Reach) -> dict[int, Presence]:
    people: dict[int, list[int]] = defaultdict(list)
    for project, user in sorted(everywhere):
        if project in reach.open or (project, user) in reach.members:
            people[project].append(user)
    return {project: Presence(project, tuple(users[:MOST_PEOPLE])) for project, users in people.items()}


def _of_interest(
    listener: Listener, watched: Mapping[int, Presence], belongs: Mapping[int, Set[int]], is_open: Iterable[int]
) -> set[int]:
    if listener.projects is not None:
        return {project for project in listener.projects if project in watched}
    only = listener.actor.project_id
    if only is not None:
        return {only} & watched.keys()
    own = belongs.get(listener.actor.person, frozenset()) & watched.keys()
    return set(nsmallest(MOST_PROJECTS, {*own, *is_open}))


def _watches_of(audience: Iterable[Subscription]) -> frozenset[Watch]:
    return frozenset(
        (project, one.listener.actor.person) for one in audience for project in one.listener.projects or ()
    )


def _pieces(watches: Iterable[Watch]) -> Iterable[list[Watch]]:
    every = list(watches)
    return (every[start : start + _IN_ONE] for start in range(0, len(every), _IN_ONE))
