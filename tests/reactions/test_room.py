"""How many of a worker's threads a channel takes up."""

from __future__ import annotations

import threading
import time

import pytest

from baton import wiring
from baton.adapters.deadlines import Deadline, TooLate
from baton.core.models.delivery import Channel
from baton.reactions.deliver import leave_a_thread, register_senders
from baton.reactions.mail import by_mail
from baton.reactions.room import NoTurn, Room


def places(room: Room) -> int:
    """Return how many places are taken at once, and give them back."""
    taken = 0
    while room.enter():
        taken += 1
    for _ in range(taken):
        room.leave()
    return taken


@pytest.mark.parametrize("threads, room_for", [(1, 1), (2, 1), (3, 2), (4, 3), (8, 3)])
def test_of_more_than_one_thread_one_is_left(threads: int, room_for: int) -> None:
    room = Room(most=3)
    room.note(1, began=0, is_answering=True)
    register_senders({Channel.MAIL.value: by_mail(room)})
    try:
        leave_a_thread(threads)
    finally:
        register_senders(wiring.SENDERS)
    assert places(room) == room_for


def test_in_doubt_there_is_room_for_one() -> None:
    room = Room(most=3)
    assert places(room) == 1
    hear(room, since=time.monotonic())
    assert places(room) == 3
    for recipient in (1, 2):
        hear_nothing(room, recipient, since=time.monotonic())
    assert places(room) == 1
    hear(room, since=time.monotonic())
    assert places(room) == 3


def test_whoever_was_heard_meanwhile_is_not_in_doubt() -> None:
    room = Room(most=3)
    began = time.monotonic()
    hear(room, since=began)
    for recipient in range(5):
        hear_nothing(room, recipient, since=began)
    assert places(room) == 3


def test_silence_to_one_recipient_is_not_the_servers() -> None:
    room = Room(most=3)
    hear(room, since=time.monotonic())
    for _ in range(5):
        hear_nothing(room, 1, since=time.monotonic())
    assert places(room) == 3
    hear(room, since=time.monotonic())
    hear_nothing(room, 2, since=time.monotonic())
    assert places(room) == 3
    hear_nothing(room, 1, since=time.monotonic())
    assert places(room) == 1


def test_silence_takes_no_doubt_away() -> None:
    room = Room(most=3)
    hear_nothing(room, 1, since=time.monotonic())
    assert places(room) == 1


def hear(room: Room, *, since: float) -> None:
    room.note(9, began=since, is_answering=True)


def hear_nothing(room: Room, recipient: int, *, since: float) -> None:
    room.note(recipient, began=since, is_answering=False)


def test_whoever_is_not_answered_is_waited_for_a_while_and_no_longer() -> None:
    room, is_over = Room(most=3, patience=0.2), threading.Event()
    stalling = Ending(room, is_over, is_answered=False)
    began = time.monotonic()
    with room.ending(Deadline(5)):
        assert 0.15 < time.monotonic() - began < 2
    is_over.set()
    stalling.join()
    # It was not its turn any more that it gave back.
    with pytest.raises(NoTurn):
        Other(room).join()
    room.leave()
    Other(room).join()


def test_whoever_is_answered_is_waited_for_until_the_end_of_ones_time() -> None:
    room, is_over = Room(most=3, patience=0.2), threading.Event()
    noting = Ending(room, is_over, is_answered=True)
    began = time.monotonic()
    with pytest.raises(NoTurn), room.ending(Deadline(5)):
        pass
    assert 0.35 < time.monotonic() - began < 2
    with pytest.raises(NoTurn), room.ending(Deadline(0.01)):
        pass
    is_over.set()
    noting.join()
    with room.ending(Deadline(1)):
        pass


def test_nobody_begins_an_end_too_late() -> None:
    with pytest.raises(TooLate), Room(most=3).ending(Deadline(0)):
        pass


class Ending(threading.Thread):
    """Somebody who ends a delivery in a thread, and stays until it is over."""

    def __init__(self, room: Room, is_over: threading.Event, *, is_answered: bool) -> None:
        super().__init__()
        self._room, self._is_over, self._is_answered = room, is_over, is_answered
        self._is_ending = threading.Event()
        self.start()
        self._is_ending.wait(5)

    def run(self) -> None:
        self._room.enter()
        with self._room.ending(Deadline(5)):
            if not self._is_answered:
                self._is_ending.set()
                self._is_over.wait(5)
        self._is_ending.set()
        self._is_over.wait(5)
        self._room.leave()


class Other(threading.Thread):
    """Somebody who wants to end another one; `join` raises what that did."""

    def __init__(self, room: Room) -> None:
        super().__init__()
        self._room = room
        self._failure: NoTurn | None = None
        self.start()

    def run(self) -> None:
        try:
            self._room.note(1, began=0, is_answering=True)
            self._room.enter()
            with self._room.ending(Deadline(5)):
                pass
        except NoTurn as error:
            self._failure = error
        finally:
            self._room.leave()

    def join(self, timeout: float | None = None) -> None:
        super().join(timeout)
        if self._failure is not None:
            raise self._failure
