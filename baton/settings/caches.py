"""The cache: Redis or Valkey where there is one, else this process's memory."""

from __future__ import annotations

from typing import Any

from baton.lib.redis_urls import speak_redis


def choose_caches(url: str) -> dict[str, dict[str, Any]]:
    """Return Django's CACHES for the Redis or Valkey at `url`, or for memory where it is empty."""
    if not url:
        return {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    return {
        "default": {
            "BACKEND": "baton.adapters.cache.ForgivingRedisCache",
            "LOCATION": speak_redis(url),
            "KEY_PREFIX": "baton",
            # A cache that is down must cost a request little: what needs it decides what to do without.
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        }
    }
