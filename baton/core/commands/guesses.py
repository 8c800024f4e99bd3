"""Counting wrong guesses, and letters that anybody can have sent: in Redis where there is one, else in the database.

A counter names who is held responsible: an account seen from one network, or a network. So whoever guesses at an
account from elsewhere never keeps its owner out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from hashlib import sha256
from typing import NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from baton.adapters import counters
from baton.adapters.counters import Count
from baton.adapters.redis_server import RedisGone
from baton.core.errors import TooMany
from baton.core.models import Guess

QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)


class Allowance(NamedTuple):
    """How often something may happen within a time."""

    what: str
    who: str
    most: int
    within: timedelta

    @property
    def bucket(self) -> str:
        """Return the name of its counter, which tells nothing to those who see it."""
        return sha256(f"{self.what}\n{self.who}".encode()).hexdigest()


Standings = dict[Allowance, Count]
"""How much of each allowance has been used."""

_SEEN: ContextVar[Standings | None] = ContextVar("allowances_seen", default=None)


@contextmanager
def noting_allowances() -> Iterator[Standings]:
    """Give what fills with the standing of every allowance that is looked at inside, as whoever asks may know it.

    How many letters somebody else has been sent is not told (`try_to_use`).
    """
    seen: Standings = {}
    token = _SEEN.set(seen)
    try:
        yield seen
    finally:
        _SEEN.reset(token)


def password_guesses(account: str, network: str) -> tuple[Allowance, Allowance]:
    """Return what a network may guess of one account's password, and of everybody's together."""
    return (
        Allowance("password", f"{account}\n{network}", 10, QUARTER),
        Allowance("passwords", network, 100, QUARTER),
    )


def secret_guesses(network: str) -> tuple[Allowance, ...]:
    """Return what a network may guess of secrets that are too long to be guessed: tokens and the links of letters."""
    return (Allowance("secret", network, 10, QUARTER),)


def letters_asked_for(network: str) -> Allowance:
    """Return how many letters people may ask for from a network, without being logged in."""
    return Allowance("letters", network, 20, HOUR)


def letters_received(kind: str, address: str) -> Allowance:
    """Return how many letters of a kind one address is sent."""
    return Allowance(f"{kind} to", address, 5, HOUR)


def invitations_sent(user_id: int) -> Allowance:
    """Return how many invitations one person sends."""
    return Allowance("invitations", str(user_id), 20, HOUR)


def refuse_spent(allowances: Sequence[Allowance]) -> None:
    """Raise TooMany where one of the allowances is used up."""
    for allowance, count in zip(allowances, _read(allowances), strict=True):
        _note(allowance, count)
        if count.number >= allowance.most:
            raise TooMany(count.seconds_left)


def count_guess(allowances: Sequence[Allowance]) -> None:
    """Count a wrong guess, in a transaction of its own: what is rolled back with the guess was never counted."""
    for allowance in allowances:
        with transaction.atomic(durable=True):
            _note(allowance, _count(allowance))


def count_wrong_secret(network: str) -> None:
    """Count a secret that nobody has. Raises TooMany beyond what a network may try; a right one is never refused."""
    allowances = secret_guesses(network)
    refuse_spent(allowances)
    count_guess(allowances)


def use(allowance: Allowance) -> None:
    """Use an allowance once, in the transaction of what it is used for. Raises TooMany where it is used up."""
    count = _count(allowance)
    _note(allowance, count)
    if count.number > allowance.most:
        raise TooMany(count.seconds_left)


def try_to_use(allowance: Allowance) -> bool:
    """Use an allowance once; return whether there was any left."""
    return _count(allowance).number <= allowance.most


def forget_old_guesses() -> int:
    """Delete counters that have run out; return how many."""
    return Guess.objects.filter(resets_at__lt=timezone.now()).delete()[0]


def _note(allowance: Allowance, count: Count) -> None:
    seen = _SEEN.get()
    if seen is not None:
        seen[allowance] = count


def _read(allowances: Sequence[Allowance]) -> list[Count]:
    try:
        return counters.read_counts([allowance.bucket for allowance in allowances])
    except RedisGone:
        return _read_rows(allowances)


def _count(allowance: Allowance) -> Count:
    try:
        return counters.count_up(allowance.bucket, int(allowance.within.total_seconds()))
    except RedisGone:
        return _count_row(allowance)


def _read_rows(allowances: Sequence[Allowance]) -> list[Count]:
    now = timezone.now()
    buckets = [allowance.bucket for allowance in allowances]
    rows = Guess.objects.filter(bucket__in=buckets, resets_at__gt=now).values_list("bucket", "count", "resets_at")
    found = {bucket: Count(count, int((resets_at - now).total_seconds()) + 1) for bucket, count, resets_at in rows}
    return [found.get(bucket, Count(0, 0)) for bucket in buckets]


def _count_row(allowance: Allowance) -> Count:
    # One statement, so that of two guesses at once both are counted.
    now = timezone.now()
    moments = [connection.ops.adapt_datetimefield_value(moment) for moment in (now + allowance.within, now, now)]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_UP, [allowance.bucket, *moments])
    return _read_rows([allowance])[0]


_COUNT_UP = """
INSERT INTO core_guess (bucket, count, resets_at) VALUES (%s, 1, %s)
ON CONFLICT (bucket) DO UPDATE SET
  count = CASE WHEN core_guess.resets_at <= %s THEN 1 ELSE core_guess.count + 1 END,
  resets_at = CASE WHEN core_guess.resets_at <= %s THEN excluded.resets_at ELSE core_guess.resets_at END
"""
