"""What lives in Redis, with a real one, which is then killed: nobody is logged out, and guessing stays limited."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import redis
from django.core.cache import caches
from django.test import Client
from django.test.utils import override_settings

from baton.adapters import redis_server
from baton.adapters.cache import LONGEST
from baton.adapters.counters import count_up, read_counts
from baton.adapters.redis_server import RedisGone
from baton.core.commands.sessions import check_login
from baton.core.errors import TooMany
from baton.core.models import Guess
from baton.settings.caches import choose_caches
from tests.factories import PASSWORD, make_user
from tests.servers.valkey import valkey

pytestmark = pytest.mark.django_db

SESSIONS = "django.contrib.sessions.backends.cached_db"


@pytest.fixture(autouse=True)
def _no_outage() -> Iterator[None]:
    redis_server._Outage.ends_at = 0
    yield
    redis_server._Outage.ends_at = 0


@pytest.fixture
def url(redis_url: str) -> Iterator[str]:
    with override_settings(BATON_REDIS_URL=redis_url, CACHES=choose_caches(redis_url), SESSION_ENGINE=SESSIONS):
        yield redis_url


def test_counters_begin_last_and_begin_anew(url: str) -> None:
    assert [count_up("a", 60).number for _ in range(3)] == [1, 2, 3]
    number, left = read_counts(["a", "b"])[0]
    assert (number, 58 <= left <= 60) == (3, True)
    assert read_counts(["b"]) == [(0, 0)]
    with redis.Redis.from_url(url) as client:
        client.expire("baton:count:a", 0)
    assert count_up("a", 60).number == 1


def test_guesses_are_counted_there(url: str) -> None:
    make_user("anna")
    for _ in range(10):
        check_login("anna", "wrong", "net")
    with pytest.raises(TooMany):
        check_login("anna", PASSWORD, "net")
    assert check_login("anna", PASSWORD, "another")
    assert not Guess.objects.exists()


def test_what_is_cached_is_json_and_does_not_stay_for_long(url: str) -> None:
    cache = caches["default"]
    cache.set("a", {"b": [1, None, "ж"]}, 10**6)
    assert cache.get("a") == {"b": [1, None, "ж"]}
    with redis.Redis.from_url(url) as client:
        (key,) = client.keys("*:a")
        assert json.loads(client.get(key)) == {"b": [1, None, "ж"]}
        assert 0 < client.ttl(key) <= LONGEST
        client.set(key, b"\x80\x05cos\nsystem\n.")
    assert cache.get("a") is None, "what is no JSON is not run, and not found"
    with pytest.raises(NotImplementedError):
        cache.clear()


def test_a_browser_stays_logged_in_when_redis_is_killed() -> None:
    make_user("anna")
    client = Client()
    with valkey() as address:
        here = f"{address}/0"
        with override_settings(BATON_REDIS_URL=here, CACHES=choose_caches(here), SESSION_ENGINE=SESSIONS):
            assert client.login(username="anna", password=PASSWORD)
            assert client.get("/api/auth/profile/").status_code == 200
            with redis.Redis.from_url(here) as server:
                assert any(b"sessions" in key for key in server.scan_iter())
                server.shutdown(nosave=True)
            for _ in range(3):
                assert client.get("/api/auth/profile/").status_code == 200
            other = Client()
            assert other.login(username="anna", password=PASSWORD)
            assert other.get("/api/auth/profile/").status_code == 200
            other.logout()
            assert other.get("/api/auth/profile/").status_code == 401
            assert_guessing_is_limited()
            with pytest.raises(RedisGone):
                read_counts(["a"])


def assert_guessing_is_limited() -> None:
    """The rows of the database count as soon as Redis is gone."""
    for _ in range(10):
        check_login("anna", "wrong", "net")
    with pytest.raises(TooMany):
        check_login("anna", PASSWORD, "net")
    assert sorted(Guess.objects.values_list("count", flat=True)) == [10, 10]


def test_one_that_was_never_there_breaks_nothing() -> None:
    make_user("anna")
    with override_settings(
        BATON_REDIS_URL="redis://127.0.0.1:1/0", CACHES=choose_caches("redis://127.0.0.1:1/0"), SESSION_ENGINE=SESSIONS
    ):
        client = Client()
        assert client.login(username="anna", password=PASSWORD)
        assert client.get("/api/auth/profile/").status_code == 200
        assert_guessing_is_limited()
