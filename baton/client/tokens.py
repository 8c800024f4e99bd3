"""Where the tokens of a session are kept."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from baton.client.shapes import Tokens


class TokenStore(Protocol):
    """Keeps the tokens of one session, possibly for several processes.

    A refresh token works once, and using an old one ends the session. So whoever renews holds `lock()` and takes
    what `load()` gives inside it: another process may have renewed meanwhile.
    """

    def lock(self) -> AbstractContextManager[object]:
        """Return what keeps others from renewing while it is entered."""

    def load(self) -> Tokens | None:
        """Return the present tokens, None where nobody is logged in any more."""

    def save(self, tokens: Tokens) -> None:
        """Keep the next pair."""


class KeptTokens:
    """Tokens in this process's memory; `on_change` hears each new pair, to store it."""

    def __init__(self, tokens: Tokens, on_change: Callable[[Tokens], object] | None = None) -> None:
        self._tokens = tokens
        self._on_change = on_change

    def lock(self) -> AbstractContextManager[object]:
        """Nobody else has them."""
        return nullcontext()

    def load(self) -> Tokens:
        """Return the present pair."""
        return self._tokens

    def save(self, tokens: Tokens) -> None:
        """Keep the pair and tell of it."""
        self._tokens = tokens
        if self._on_change is not None:
            self._on_change(tokens)


class ApiToken:
    """An API token (`bat_…`): nothing to renew."""

    def __init__(self, secret: str) -> None:
        self.secret = secret


Credential = TokenStore | ApiToken


def credential_of(
    tokens: Tokens | TokenStore | None, token: str | None, on_tokens: Callable[[Tokens], object] | None
) -> Credential | None:
    """Return the credential of a client's arguments. Raises TypeError where they contradict each other."""
    if token is not None:
        if tokens is not None:
            raise TypeError("Give `token` (an API token) or `tokens` (of a log-in), not both.")
        return ApiToken(token)
    if isinstance(tokens, Tokens):
        return KeptTokens(tokens, on_tokens)
    return tokens


def bearer_of(credential: Credential | None) -> str | None:
    """Return what goes into the Authorization header."""
    if isinstance(credential, ApiToken):
        return credential.secret
    tokens = credential.load() if credential is not None else None
    return tokens.access if tokens else None
