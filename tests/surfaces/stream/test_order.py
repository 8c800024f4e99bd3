"""Each committed event exactly once and in order, through a real socket, whoever writes at the same time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from random import Random
from time import sleep

import pytest
from django.db import transaction
from django.utils import timezone

from baton.core.actor import SYSTEM
from baton.core.events.facts.tasks import TaskWatched
from baton.core.events.record import record
from baton.core.models import Event
from baton.live import subscription as subscriptions
from tests.cast import Cast
from tests.surfaces.stream.served import Served, Socket, socket_of
from tests.threads import run_together
from tests.traces import let_the_log_settle

WRITERS = 16
TRANSACTIONS = 15


class Undo(Exception):
    """Rolls a transaction back."""


def write(project_id: int, seed: int) -> int:
    """Write in transactions that take their time, a third of them rolled back; return how many events stay."""
    chance, stays = Random(seed), 0
    for _ in range(TRANSACTIONS):
        try:
            with transaction.atomic():
                number = chance.randint(1, 3)
                for _ in range(number):
                    record(SYSTEM, TaskWatched(), at=timezone.now(), project_id=project_id)
                    sleep(chance.random() / 200)
                if chance.random() < 0.3:
                    raise Undo
        except Undo:
            continue
        stays += number
    return stays


@contextmanager
def writing(cast: Cast, counts: list[int]) -> Iterator[None]:
    def run(seed: int) -> int:
        return write(cast.project.pk, seed)

    def run_all() -> None:
        counts.extend(run_together(*[lambda seed=seed: run(seed) for seed in range(WRITERS)]))

    thread = threading.Thread(target=run_all)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def in_log(cast: Cast) -> list[str]:
    let_the_log_settle()
    places = Event.objects.filter(project=cast.project).order_by("transaction", "id").values_list("transaction", "id")
    return [f"{place[0]}-{place[1]}" for place in places]


def hear_to(opened: Socket, last: str, heard: list[str]) -> list[str]:
    while not heard or heard[-1] != last:
        message = opened.hear()
        if message["type"] == "event":
            heard.append(message["cursor"])
    return heard


def test_from_the_first_event_while_16_write(served: Served, cast: Cast) -> None:
    counts: list[int] = []
    with socket_of(served, cast.viewer) as opened:
        with writing(cast, counts):
            heard = [event["cursor"] for event in opened.subscribe("0-0", [cast.project.pk])]
            hear_some(opened, heard)
        written = in_log(cast)
        hear_to(opened, written[-1], heard)
        with pytest.raises(TimeoutError):
            opened.hear(0.3)
    assert heard == written
    assert sum(counts) <= len(written)
    assert sum(counts) > WRITERS


def hear_some(opened: Socket, heard: list[str]) -> None:
    try:
        while True:
            heard.append(opened.hear(0.3)["cursor"])
    except TimeoutError:
        pass


def test_many_come_and_go_on_from_their_cursors(served: Served, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """With buffers so small that what happens during the catching up doesn't fit and is read again."""
    monkeypatch.setattr(subscriptions, "MOST_EVENTS", 3)
    monkeypatch.setattr(subscriptions, "PAGE", 2)
    counts: list[int] = []
    heard: list[list[str]] = [[] for _ in range(6)]
    with writing(cast, counts):
        for turn in range(8):
            with ExitStack() as stack:
                sockets = [stack.enter_context(socket_of(served, cast.viewer)) for _ in heard]
                for opened, so_far in zip(sockets, heard, strict=True):
                    opened.say("subscribe", after=so_far[-1] if so_far else "0-0", projects=[cast.project.pk])
                for number, (opened, so_far) in enumerate(zip(sockets, heard, strict=True)):
                    hear_a_few(opened, so_far, 3 * turn + number)
    monkeypatch.undo()
    written = in_log(cast)
    for so_far in heard:
        with socket_of(served, cast.viewer) as opened:
            so_far += [event["cursor"] for event in opened.subscribe(so_far[-1], [cast.project.pk])]
            if so_far[-1] != written[-1]:
                hear_to(opened, written[-1], so_far)
        assert so_far == written


def hear_a_few(opened: Socket, heard: list[str], number: int) -> None:
    from websockets.exceptions import ConnectionClosed

    try:
        for _ in range(number):
            message = opened.hear(0.2)
            if message["type"] == "event":
                heard.append(message["cursor"])
    except (TimeoutError, ConnectionClosed):
        pass  # none comes, or too many: the next turn goes on from the last
