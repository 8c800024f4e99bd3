"""The hub begins and ends with those who listen."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress

import pytest

from baton.core.actor import Actor
from baton.core.queries.live_credentials import Credential, Kind
from baton.live.hub import Hub
from baton.live.subscription import Listener

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database]


@pytest.mark.parametrize("moments", range(1, 6))
def test_who_leaves_while_it_begins_leaves_nobody_listening(moments: int) -> None:
    async def come_and_leave() -> None:
        hub = Hub()
        listener = Listener(Actor(1), Credential(Kind.API_TOKEN, 1, 1))

        async def listen() -> None:
            async with hub.subscribe(listener, None):
                await asyncio.sleep(60)

        coming = asyncio.create_task(listen())
        for _ in range(moments):
            await asyncio.sleep(0)
        coming.cancel()
        with suppress(asyncio.CancelledError):
            await coming
        await hub.shut_down()

    asyncio.run(come_and_leave())
    assert "bus" not in [thread.name for thread in threading.enumerate()]
