"""One of ten wake-ups never arrives, and the last one neither: 0 missing, 0 twice, in order (R25)."""

from __future__ import annotations

import threading
from random import Random
from time import sleep

import pytest
from pytest_django import Settings

from baton.adapters.bus import Channel
from baton.adapters.bus.listening import Ears, Listening
from baton.client import Client
from baton.live import hub
from tests.adapters.test_bus import deaf_to_this_process
from tests.cast import Cast
from tests.factories import bearer, make_task
from tests.surfaces.stream.served import Served, socket_of
from tests.surfaces.stream.test_order import hear_to, in_log

TASKS = 60
LAST = "The last"


class Lossy(Listening):
    """Listens to a bus that loses announcements of the log, by the seed; `share` of ten are lost."""

    chance = Random(25)
    share = 1
    lost = 0
    heard = 0

    def __init__(self, ears: Ears) -> None:
        hear = ears[Channel.LOG]

        def hear_some(said: str) -> None:
            if self.chance.randrange(10) < self.share:
                Lossy.lost += 1
            else:
                Lossy.heard += 1
                hear(said)

        super().__init__({**ears, Channel.LOG: hear_some})


@pytest.fixture
def lossy(monkeypatch: pytest.MonkeyPatch) -> type[Lossy]:
    """Let the hub that starts from here on listen to such a bus."""
    for name, value in {"chance": Random(25), "share": 1, "lost": 0, "heard": 0}.items():
        monkeypatch.setattr(Lossy, name, value)
    monkeypatch.setattr(hub, "Listening", Lossy)
    return Lossy


@pytest.fixture(params=["database", "valkey"])
def way(request: pytest.FixtureRequest, settings: Settings) -> None:
    """Let processes tell each other by the database alone, or by Valkey."""
    if request.param == "valkey":
        settings.BATON_REDIS_URL = request.getfixturevalue("redis_url")
    # What is looked at in any case is looked at more seldom than a wake-up comes.
    settings.BATON_STREAM_POLL_SECONDS = 2


@pytest.mark.usefixtures("way")
def test_nothing_is_missed_nor_told_twice(served: Served, cast: Cast, lossy: type[Lossy]) -> None:
    begin, followed = in_log(cast)[-1], list[str]()
    token = bearer(cast.owner)["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    with Client(f"http://{served.address}", token=token) as client, socket_of(served, cast.viewer) as opened:
        opened.subscribe(begin, [cast.project.pk])
        follower = threading.Thread(target=follow, args=(client, begin, cast.project.pk, followed), daemon=True)
        follower.start()
        # As if another process wrote.
        with deaf_to_this_process():
            for _ in range(TASKS):
                make_task(cast.owner, cast.project)
                sleep(0.03)
            lossy.share = 10
            make_task(cast.owner, cast.project, LAST)
        written = in_log(cast)[1:]
        heard = hear_to(opened, written[-1], [])
        follower.join(10)
    assert heard == written
    assert followed == written
    assert len(written) > TASKS
    assert lossy.lost > 2
    assert lossy.heard > lossy.lost


def follow(client: Client, begin: str, project: int, followed: list[str]) -> None:
    """Follow the project with Baton's own client until the last task is created."""
    for event in client.follow(begin, projects=[project]):
        followed.append(event.cursor)
        if event.changes.get("title") == [None, LAST]:
            return
