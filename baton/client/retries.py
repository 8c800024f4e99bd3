"""When a request is sent again, and how long to wait before."""

from __future__ import annotations

import random
from dataclasses import dataclass

from baton.client.answers import Reply
from baton.client.calls import Message

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 10.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a request is sent at most (None: until it is answered) and how long one wait may be."""

    tries: int | None = 5
    longest_wait: float = 60.0

    def after_silence(self, message: Message, tried: int, *, was_sent: bool) -> float | None:
        """Return how long to wait where no answer came, None where it must not be sent again."""
        if self._is_used_up(tried) or (was_sent and not message.is_repeatable):
            return None
        return back_off(tried)

    def after_refusal(self, message: Message, tried: int, reply: Reply) -> float | None:
        """Return how long to wait after a refusal that may pass, None where it is to be raised.

        Who sends Retry-After (429, 503, a 409 for a key in flight) says that nothing was done.
        """
        if self._is_used_up(tried):
            return None
        asked = reply.retry_after
        if reply.status == 429 or (asked is not None and reply.status in {409, 503}):
            wait = back_off(tried) if asked is None else asked
            return wait if wait <= self.longest_wait else None
        if reply.status in {502, 503, 504} and message.is_repeatable:
            return back_off(tried)
        return None

    def _is_used_up(self, tried: int) -> bool:
        return self.tries is not None and tried >= self.tries


ENDLESS = Patience(tries=None)


def back_off(tried: int) -> float:
    """Return a pause that grows with the tries; a random part keeps many clients from coming back at once."""
    longest: float = min(FIRST_PAUSE * 2 ** min(tried, 10), LONGEST_PAUSE)
    return random.uniform(longest / 2, longest)  # noqa: S311  (no secret)
