"""The Redis or Valkey of `BATON_REDIS_URL`, which may be gone at any moment."""

from __future__ import annotations

from functools import lru_cache
from time import monotonic

import redis
from django.conf import settings

from baton.lib.redis_urls import speak_redis

# While it is gone, nobody waits for it again and again.
_PAUSE = 5.0
_PATIENCE = 1.0


class RedisGone(Exception):
    """There is no Redis, or it can't be reached now."""


class _Outage:
    """Since when this process finds it gone."""

    ends_at = 0.0


def connect() -> redis.Redis:
    """Return a client; its calls raise redis.RedisError. Raises RedisGone where none is set or it was just gone."""
    url: str = settings.BATON_REDIS_URL
    if not url or monotonic() < _Outage.ends_at:
        raise RedisGone
    return _client(url)


def note_outage() -> None:
    """Leave it alone for some seconds: a call has just failed."""
    _Outage.ends_at = monotonic() + _PAUSE


def is_gone() -> bool:
    """Has a call failed within the last seconds?"""
    return monotonic() < _Outage.ends_at


@lru_cache(maxsize=4)
def _client(url: str) -> redis.Redis:
    client: redis.Redis = redis.Redis.from_url(
        speak_redis(url), socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE
    )
    return client
