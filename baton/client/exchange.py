"""How a message becomes an answer: tries, waits and the renewing of tokens, without any input or output.

Written once for both clients. A generator yields what is to be done next; the client does it, waiting or awaiting,
and sends back how it went.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from baton.client import requests
from baton.client.answers import Reply, Silence, refusal_of
from baton.client.calls import Message
from baton.client.errors import NotLoggedIn, Unreachable
from baton.client.retries import Patience
from baton.client.tokens import TokenStore


@dataclass(frozen=True, slots=True)
class Send:
    """Send the message; give back a Reply or a Silence."""

    message: Message


@dataclass(frozen=True, slots=True)
class Wait:
    """Do nothing for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Renew:
    """Renew the tokens, unless others than `stale` are there already; give back whether there is a new one."""

    stale: str


Step = Send | Wait | Renew
Exchange = Generator[Step, Any, Reply]


def carry_out(message: Message, patience: Patience) -> Exchange:
    """Return the answer to a message, of a status below 300. Raises Unreachable, Refused."""
    is_renewed = False
    tried = 0
    while True:
        outcome: Reply | Silence = yield Send(message)
        tried += 1
        if isinstance(outcome, Silence):
            pause = patience.after_silence(message, tried, was_sent=outcome.was_sent)
            if pause is None:
                raise Unreachable(f"{message.method} {message.path}: {outcome.reason}") from outcome.error
        elif 200 <= outcome.status < 300:
            return outcome
        elif outcome.status == 401 and outcome.bearer and not is_renewed:
            is_renewed = yield Renew(outcome.bearer)
            if not is_renewed:
                raise refusal_of(outcome)
            tried -= 1
            continue
        else:
            pause = patience.after_refusal(message, tried, outcome)
            if pause is None:
                raise refusal_of(outcome)
        yield Wait(pause)


def renew(store: TokenStore, stale: str, patience: Patience) -> Generator[Step, Any, bool]:
    """Renew the tokens and store them; false where there are none any more. Call it with the store locked.

    The request is never sent twice where the server may have seen it: a refresh token that is used again ends its
    session. Raises Unreachable, BadAnswer, Refused.
    """
    tokens = store.load()
    if tokens is None:
        return False
    if tokens.access != stale:
        return True
    asked = requests.refresh(tokens.refresh)
    try:
        reply = yield from carry_out(asked.message, patience)
    except NotLoggedIn:
        return False
    store.save(asked.decode(reply.body))
    return True
