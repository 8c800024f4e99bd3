"""Django's Redis cache for a Redis that may go away: without it nothing is found, and nothing breaks."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

import redis
import structlog
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache

from baton.adapters.redis_server import is_gone, note_outage

log = structlog.get_logger(__name__)

Value = TypeVar("Value")

LONGEST = 300
"""Seconds that anything stays. What was to be deleted while Redis was out of reach is back with it, so not for long."""


class Json:
    """What is cached goes as JSON: whoever can write to Redis must not be able to run code here, as with pickle."""

    def dumps(self, value: object) -> bytes:
        """Return the value as bytes."""
        return json.dumps(value, separators=(",", ":")).encode()

    def loads(self, data: bytes) -> Any:
        """Return the value."""
        return json.loads(data)


class ForgivingRedisCache(RedisCache):
    """A cache that is empty while its server is gone, and is left alone for some seconds after a call failed."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        params.setdefault("OPTIONS", {}).setdefault("serializer", Json)
        super().__init__(server, params)

    def get_backend_timeout(self, timeout: Any = DEFAULT_TIMEOUT) -> int:
        """Return the seconds a value stays: those asked for, up to the longest time."""
        seconds = super().get_backend_timeout(timeout)
        return LONGEST if seconds is None else min(int(seconds), LONGEST)

    def add(self, *args: Any, **options: Any) -> bool:
        """Store a value where there is none yet."""
        return self._try(lambda: bool(super(ForgivingRedisCache, self).add(*args, **options)), False)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Return a value, or the default."""
        return self._try(lambda: super(ForgivingRedisCache, self).get(key, default, version), default)

    def set(self, *args: Any, **options: Any) -> None:
        """Store a value."""
        self._try(lambda: super(ForgivingRedisCache, self).set(*args, **options), None)

    def touch(self, *args: Any, **options: Any) -> bool:
        """Let a value stay longer."""
        return self._try(lambda: bool(super(ForgivingRedisCache, self).touch(*args, **options)), False)

    def delete(self, *args: Any, **options: Any) -> bool:
        """Forget a value."""
        return self._try(lambda: bool(super(ForgivingRedisCache, self).delete(*args, **options)), False)

    def get_many(self, *args: Any, **options: Any) -> dict[Any, Any]:
        """Return those of the values that there are."""
        return self._try(lambda: super(ForgivingRedisCache, self).get_many(*args, **options), {})

    def has_key(self, *args: Any, **options: Any) -> bool:
        """Is there a value?"""
        return self._try(lambda: bool(super(ForgivingRedisCache, self).has_key(*args, **options)), False)

    def set_many(self, *args: Any, **options: Any) -> list[Any]:
        """Store values; return the keys that could not be."""
        return self._try(lambda: list(super(ForgivingRedisCache, self).set_many(*args, **options)), [])

    def delete_many(self, *args: Any, **options: Any) -> None:
        """Forget values."""
        self._try(lambda: super(ForgivingRedisCache, self).delete_many(*args, **options), None)

    def clear(self) -> None:
        """Refuse: the broker and the counters live in the same Redis, and Django's way empties all of it."""
        raise NotImplementedError("the cache shares its Redis; delete by key")

    def _try(self, call: Callable[[], Value], without: Value) -> Value:
        if is_gone():
            return without
        try:
            return call()
        except (redis.RedisError, ValueError) as error:
            if isinstance(error, redis.RedisError):
                note_outage()
            log.warning("cache.gone", error=str(error))
            return without
