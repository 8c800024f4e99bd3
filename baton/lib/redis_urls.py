"""How Redis is addressed."""

from __future__ import annotations


def speak_redis(url: str) -> str:
    """Return the URL with Valkey's scheme as Redis's: it speaks the same, but Django and kombu don't know the name."""
    scheme, separator, rest = url.partition("://")
    return {"valkey": "redis", "valkeys": "rediss"}.get(scheme, scheme) + separator + rest
