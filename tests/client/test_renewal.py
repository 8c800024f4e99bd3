"""Access tokens that have run out."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from baton.client import AsyncClient, NotLoggedIn, Tokens
from tests.client.conftest import BRISK, Somebody


def run_out(tokens: Tokens) -> Tokens:
    """Return tokens whose access token the server no longer takes."""
    return Tokens(access=tokens.access[:-4] + "AAAA", refresh=tokens.refresh)


def test_it_is_renewed_and_handed_over(somebody: Somebody) -> None:
    stored: list[Tokens] = []
    with somebody.another(tokens=run_out(somebody.tokens), on_tokens=stored.append) as client:
        assert client.get_profile().username == somebody.username
        assert client.get_profile().username == somebody.username

    assert len(stored) == 1
    assert stored[0].refresh != somebody.tokens.refresh
    with somebody.another(tokens=stored[0]) as later:
        assert later.get_profile().username == somebody.username


def test_many_threads_renew_once(somebody: Somebody) -> None:
    stored: list[Tokens] = []
    client = somebody.another(tokens=run_out(somebody.tokens), on_tokens=stored.append)
    with client, ThreadPoolExecutor(8) as threads:
        names = {each.result().username for each in [threads.submit(client.get_profile) for _ in range(16)]}

    assert names == {somebody.username}
    assert len(stored) == 1


def test_many_tasks_renew_once(somebody: Somebody) -> None:
    stored: list[Tokens] = []

    async def ask() -> set[str]:
        tokens = run_out(somebody.tokens)
        async with AsyncClient(somebody.url, tokens=tokens, on_tokens=stored.append, patience=BRISK) as client:
            return {each.username for each in await asyncio.gather(*(client.get_profile() for _ in range(16)))}

    assert asyncio.run(ask()) == {somebody.username}
    assert len(stored) == 1


def test_a_session_that_ended_is_said(somebody: Somebody) -> None:
    with somebody.another(tokens=run_out(somebody.tokens)) as client:
        client.get_profile()
    # The same refresh token once more: stolen, as far as the server can tell.
    with somebody.another(tokens=run_out(somebody.tokens)) as thief, pytest.raises(NotLoggedIn):
        thief.get_profile()
