"""The gate does what it says; else tests of outages would be about nothing."""

from __future__ import annotations

import pytest
import redis

from tests.servers.gate import gate


@pytest.mark.any_database
def test_it_lets_through_refuses_and_hangs(redis_url: str) -> None:
    with gate(redis_url) as way, redis.Redis.from_url(way.url, socket_timeout=0.3) as client:
        assert client.set("key", "value")

        way.close()
        with pytest.raises(redis.ConnectionError):
            client.get("key")

        way.open()
        assert client.get("key") == b"value"

        way.hang()
        with pytest.raises(redis.TimeoutError):
            client.get("key")
        assert way.count >= 2

        way.open()
        assert client.get("key") == b"value"


@pytest.mark.any_database
def test_nothing_is_left_of_it(redis_url: str) -> None:
    with gate(redis_url) as way:
        url = way.url
    with redis.Redis.from_url(url, socket_timeout=1) as client, pytest.raises(redis.ConnectionError):
        client.ping()
