"""What processes tell each other of who watches what, and what they believe."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from baton.adapters.bus import Channel
from baton.adapters.bus.announcing import LONGEST
from baton.core.events.log import START, Cursor
from baton.core.queries.live_credentials import Credential, Kind
from baton.live import presence
from baton.live.presence import Watch, Watchers
from baton.live.subscription import Listener, Subscription
from baton.live.told import Frame, Presence, Quiet, Ready
from baton.surfaces.wire.routes import LARGEST_ID
from tests.cast import Cast
from tests.factories import actor_of


class Bus:
    """Processes that hear each other, save while the bus is `down`."""

    def __init__(self) -> None:
        self.processes: list[Watchers] = []
        self.said: list[str] = []
        self.is_down = False

    def tell(self, channel: Channel, said: str) -> None:
        assert channel is Channel.PRESENCE
        self.said.append(said)
        for process in [] if self.is_down else self.processes:
            process.hear(said)


class Clock:
    now = 1000.0


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Bus:
    made = Bus()
    monkeypatch.setattr(presence, "tell_others", made.tell)
    return made


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(presence, "monotonic", lambda: made.now)
    return made


def process_on(bus: Bus) -> Watchers:
    made = Watchers()
    bus.processes.append(made)
    return made


def heard_by(process: Watchers) -> set[Watch]:
    return set[Watch]().union(*process._heard_lately())


def test_what_changes_is_said_and_heard(bus: Bus, clock: Clock) -> None:
    one, other = process_on(bus), process_on(bus)
    one.say(frozenset({(1, 2), (1, 3)}))
    assert heard_by(other) == {(1, 2), (1, 3)}
    assert heard_by(one) == set(), "its own voice"
    bus.said.clear()
    one.say(frozenset({(1, 2), (1, 3)}))
    assert bus.said == []
    one.say(frozenset({(1, 2), (4, 2)}))
    assert heard_by(other) == {(1, 2), (4, 2)}


def test_a_newcomer_is_told_what_was_said_before_it_came(bus: Bus, clock: Clock) -> None:
    one = process_on(bus)
    one.say(frozenset({(1, 2)}))
    other = process_on(bus)
    other.say(frozenset({(1, 3)}))
    one.say(frozenset({(1, 2)}))
    assert heard_by(other) == {(1, 2)}
    assert heard_by(one) == {(1, 3)}


def test_one_that_has_died_is_forgotten(bus: Bus, clock: Clock) -> None:
    dying, living, other = process_on(bus), process_on(bus), process_on(bus)
    dying.say(frozenset({(1, 2)}))
    living.say(frozenset({(1, 3)}))
    for _ in range(4):
        clock.now += presence.BEAT
        living.say(frozenset({(1, 3)}))
    assert heard_by(other) == {(1, 3)}
    assert len(other._heard) == 1


def test_what_was_missed_is_said_again(bus: Bus, clock: Clock) -> None:
    one, other = process_on(bus), process_on(bus)
    one.say(frozenset({(1, 2), (1, 3)}))
    bus.is_down = True
    one.say(frozenset({(1, 3), (1, 4)}))
    assert heard_by(other) == {(1, 2), (1, 3)}
    bus.is_down = False
    one.hear("")
    one.say(frozenset({(1, 3), (1, 4)}))
    assert heard_by(other) == {(1, 2), (1, 3), (1, 4)}
    clock.now += presence.FORGOTTEN_AFTER
    one.say(frozenset({(1, 3), (1, 4)}))
    assert heard_by(other) == {(1, 3), (1, 4)}


def test_many_are_said_in_pieces_that_the_bus_takes(bus: Bus, clock: Clock) -> None:
    one, other = process_on(bus), process_on(bus)
    watches = frozenset((LARGEST_ID - number, LARGEST_ID - number) for number in range(1000))
    one.say(watches)
    assert heard_by(other) == watches
    assert max(map(len, bus.said)) <= LONGEST


def test_no_more_is_said_and_heard_than_is_bounded(bus: Bus, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "_MOST_SAID", 3)
    monkeypatch.setattr(presence, "_MOST_HEARD", 5)
    processes = [process_on(bus) for _ in range(3)]
    other = process_on(bus)
    for number, process in enumerate(processes):
        process.say(frozenset((number, user) for user in range(10)))
    assert heard_by(other) == {(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)}
    bus.said.clear()
    processes[0].say(frozenset((0, user) for user in range(10)))
    assert len(bus.said) <= 1, "the same few each time"


@pytest.mark.parametrize(
    "said", ["nonsense", "{}", "[]", '{"process":"x","here":[[1]]}', '{"process":"x","here":[["1",2]]}']
)
def test_what_is_not_understood_is_left_alone(bus: Bus, said: str) -> None:
    one = process_on(bus)
    one.hear(said)
    assert heard_by(one) == set()


def subscription_of(cast: Cast, *projects: int) -> Subscription:
    async def nothing(*_: object) -> None:
        raise AssertionError("nothing was missed")

    actor = actor_of(cast.owner)
    listener = Listener(actor, Credential(Kind.SESSION, 1, actor.person), frozenset(projects), has_presence=True)
    return Subscription(listener, None, START, nothing, lambda: START)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_others_are_believed_only_what_they_may(bus: Bus, clock: Clock, cast: Cast) -> None:
    """An outsider may be said to watch; here it is looked whether they see the project."""
    project = cast.project.pk
    everywhere = {(project, cast.outsider.pk), (project, cast.editor.pk), (project, 999_999), (999_999, cast.owner.pk)}
    listener = subscription_of(cast, project, 999_999).listener
    assert presence.find_shown(everywhere, [(listener, frozenset())]) == [[Presence(project, (cast.editor.pk,))]]


@pytest.mark.django_db
def test_a_credential_for_one_project_hears_of_that_one(cast: Cast) -> None:
    project = cast.project.pk
    actor = actor_of(cast.owner)
    credential = Credential(Kind.API_TOKEN, 1, actor.person)
    for only, shown in ((project, 1), (project + 1, 0)):
        listener = Listener(replace(actor, project_id=only), credential)
        assert len(presence.find_shown({(project, cast.editor.pk)}, [(listener, frozenset())])[0]) == shown


@pytest.mark.django_db
def test_while_nothing_changes_the_database_is_not_asked(bus: Bus, clock: Clock, cast: Cast) -> None:
    project, asked = cast.project.pk, []
    one, subscription = process_on(bus), subscription_of(cast, project)

    async def ask(act: object, *given: object) -> list[list[Presence]]:
        asked.append(given)
        return [[Presence(project, (cast.owner.pk,))]]

    async def look(times: int, head: Cursor) -> None:
        for _ in range(times):
            await one.tell([subscription], head, ask)

    asyncio.run(look(3, Cursor(1, 1)))
    assert len(asked) == 1
    asyncio.run(look(3, Cursor(1, 2)))
    assert len(asked) == 2, "an event may have changed who sees what"


@pytest.mark.django_db
def test_people_who_come_and_go_do_not_put_off_the_ping(cast: Cast) -> None:
    """Only the ping says how far a listener of a quiet project has come in a busy log."""

    async def take() -> Frame:
        subscription = subscription_of(cast, cast.project.pk)
        async for frame in subscription.frames(0.2):
            if isinstance(frame, Quiet):
                return frame
            number = len(subscription.people) + 1
            asyncio.get_running_loop().call_later(0.01, subscription.show, Presence(number, (number,)))
        raise AssertionError("it has ended")

    assert asyncio.run(asyncio.wait_for(take(), 5)) == Quiet(START)


@pytest.mark.django_db
def test_only_the_latest_waits_for_who_takes_nothing(cast: Cast) -> None:
    project = cast.project.pk

    async def take() -> list[Frame]:
        subscription = subscription_of(cast, project)
        for number in range(1000):
            subscription.show(Presence(project, (number,)))
        subscription.show(Presence(project + 1, (5,)))
        subscription.forget_people(project + 1)
        frames = subscription.frames(0.1)
        return [await anext(frames) for _ in range(3)]

    ready, shown, quiet = asyncio.run(take())
    assert (ready, shown, type(quiet)) == (Ready(START), Presence(project, (999,)), Quiet)
