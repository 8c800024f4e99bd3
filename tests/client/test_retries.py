"""What is repeated, what is not, and how long is waited."""

from __future__ import annotations

import time

import pytest

from baton.client import BadAnswer, Client, LimitReached, Refused, ServerFault, Unreachable
from tests.client.conftest import BRISK, Somebody
from tests.client.faulty_servers import answer, losing_answers, scripted
from tests.runtime.serving import Served

EMPTY_LIST = '{"results": [], "next": null, "previous": null}'
LIMIT = '{"type": "/problems/throttled", "status": 429, "code": "throttled", "detail": "Too often."}'
IN_FLIGHT = '{"status": 409, "code": "idempotency_in_flight", "detail": "Still running."}'


def test_a_post_whose_answer_was_lost_is_done_once(server: Served, somebody: Somebody) -> None:
    with losing_answers(server.port, losses=2) as proxy:
        with Client(proxy.url, tokens=somebody.tokens, patience=BRISK) as client:
            task = client.create_task(somebody.project.id, "Once")
        assert len(proxy.requests) == 3
        assert len(proxy.keys()) == 1

    assert [found.id for found in somebody.client.list_tasks(project=somebody.project.id)] == [task.id]


def test_a_patch_whose_answer_was_lost_is_not_repeated(server: Served, somebody: Somebody) -> None:
    task = somebody.client.create_task(somebody.project.id, "Once")
    with losing_answers(server.port, losses=1) as proxy:
        with Client(proxy.url, tokens=somebody.tokens, patience=BRISK) as client, pytest.raises(Unreachable):
            client.edit_task(task.id, title="Done, but nobody knows")
        assert len(proxy.requests) == 1


def test_too_many_requests_waits_as_long_as_it_is_told() -> None:
    refused, fine = answer("429 Too Many Requests", LIMIT, Retry_After="1"), answer("200 OK", EMPTY_LIST)
    with scripted(refused, fine) as server, Client(server.url, token="bat_x", patience=BRISK) as client:
        started = time.monotonic()
        assert list(client.list_tasks()) == []
        assert 1 <= time.monotonic() - started < 3
        assert len(server.requests) == 2


def test_a_wait_beyond_patience_is_raised_at_once() -> None:
    refused = answer("429 Too Many Requests", LIMIT, Retry_After="600")
    with scripted(refused) as server, Client(server.url, token="bat_x", patience=BRISK) as client:
        with pytest.raises(LimitReached) as raised:
            client.get_profile()
        assert raised.value.retry_after == 600
        assert len(server.requests) == 1


@pytest.mark.parametrize("status", ["502 Bad Gateway", "504 Gateway Timeout", "503 Service Unavailable"])
def test_a_proxy_that_fails_is_asked_again(status: str) -> None:
    failed, fine = answer(status, "<h1>Oh no</h1>"), answer("200 OK", EMPTY_LIST)
    with scripted(failed, failed, fine) as server, Client(server.url, token="bat_x", patience=BRISK) as client:
        assert list(client.list_tasks()) == []
        assert len(server.requests) == 3


def test_a_proxy_that_fails_is_not_asked_twice_to_patch() -> None:
    with scripted(answer("502 Bad Gateway")) as server, Client(server.url, token="bat_x", patience=BRISK) as client:
        with pytest.raises(ServerFault, match="502 Bad Gateway"):
            client.edit_task(1, title="x")
        assert len(server.requests) == 1


def test_a_key_in_flight_is_waited_for() -> None:
    busy, fine = answer("409 Conflict", IN_FLIGHT, Retry_After="0"), answer("201 Created", "{}")
    with scripted(busy, fine) as server, Client(server.url, token="bat_x", patience=BRISK) as client:
        assert client.request("POST", "/api/tasks/", json={}) == {}
        assert len(server.keys()) == 1
        assert len(server.requests) == 2


def test_the_tries_come_to_an_end() -> None:
    with scripted(b"") as server, Client(server.url, token="bat_x", patience=BRISK) as client:
        with pytest.raises(Unreachable):
            client.get_profile()
        assert len(server.requests) == BRISK.tries


def test_something_else_at_the_address_is_said() -> None:
    with scripted(answer("200 OK", "<html>")) as server, Client(server.url) as client:
        raises = pytest.raises(BadAnswer, match="Is the address right")
        with raises:
            client.get_profile()


def test_the_credential_follows_no_redirect() -> None:
    moved = answer("301 Moved Permanently", Location="https://elsewhere.example/")
    with scripted(moved) as server, Client(server.url, token="bat_x") as client:
        raises = pytest.raises(Refused, match=r"moved to https://elsewhere\.example/")
        with raises:
            client.get_profile()
        assert len(server.requests) == 1


def test_the_next_page_is_asked_of_the_same_server() -> None:
    elsewhere = '{"results": [], "next": "http://elsewhere.example/api/tasks/?cursor=abc&page_size=1"}'
    with scripted(answer("200 OK", elsewhere), answer("200 OK", EMPTY_LIST)) as server:
        with Client(server.url, token="bat_x") as client:
            assert list(client.list_tasks()) == []
        assert server.requests[1].startswith("GET /api/tasks/?cursor=abc&page_size=1 ")
