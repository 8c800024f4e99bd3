"""Counters in Redis that begin anew after a while."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import redis

from baton.adapters.redis_server import RedisGone, connect, note_outage

_PREFIX = "baton:count:"


class Count(NamedTuple):
    """How far a counter is, and the seconds until it begins anew."""

    number: int
    seconds_left: int


def read_counts(names: Sequence[str]) -> list[Count]:
    """Return the counters of these names, 0 for one that doesn't run. Raises RedisGone."""
    try:
        with connect().pipeline(transaction=False) as pipeline:
            for name in names:
                pipeline.get(_PREFIX + name)
                pipeline.ttl(_PREFIX + name)
            cells = pipeline.execute()
    except redis.RedisError as error:
        note_outage()
        raise RedisGone from error
    return [Count(int(number or 0), max(left, 0)) for number, left in zip(cells[::2], cells[1::2], strict=True)]


def count_up(name: str, seconds: int) -> Count:
    """Count one more; a counter that doesn't run begins and lasts for so many seconds. Raises RedisGone."""
    try:
        with connect().pipeline(transaction=True) as pipeline:
            pipeline.set(_PREFIX + name, 0, ex=seconds, nx=True)
            pipeline.incr(_PREFIX + name)
            pipeline.ttl(_PREFIX + name)
            _, number, left = pipeline.execute()
    except redis.RedisError as error:
        note_outage()
        raise RedisGone from error
    return Count(number, max(left, 0))
