"""The stored log-in: one file that only its owner reads."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

import msgspec
import platformdirs

from baton.client.cli.refusals import Mistake
from baton.client.shapes import Tokens

try:
    import fcntl
except ImportError:  # Windows: two commands that renew at the same moment may end the session
    fcntl = None  # type: ignore[assignment]


class StoredLogIn(msgspec.Struct, omit_defaults=True):
    """Where somebody is logged in: by tokens of a session, or by an API token."""

    url: str
    tokens: Tokens | None = None
    token: str | None = None


def path() -> Path:
    """Return where the log-in is stored (XDG: `~/.config/baton/login.json`)."""
    return platformdirs.user_config_path("baton") / "login.json"


def load() -> StoredLogIn | None:
    """Return the stored log-in, None where there is none. Raises Mistake where it can't be read."""
    try:
        return msgspec.json.decode(path().read_bytes(), type=StoredLogIn)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise Mistake(f"{path()} can't be read ({error}). Log in again: baton login") from None


def save(stored: StoredLogIn) -> None:
    """Store a log-in: mode 0600 from the first byte, and whole or not at all. Raises Mistake."""
    folder = path().parent
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=folder, prefix=".login-", delete=False) as new:  # made with mode 0600
            new.write(msgspec.json.format(msgspec.json.encode(stored), indent=2))
        Path(new.name).replace(path())
    except OSError as error:
        raise Mistake(f"{path()} can't be written: {error.strerror}.") from None


def forget() -> None:
    """Remove the stored log-in."""
    with suppress(FileNotFoundError):
        path().unlink()


class FileTokens:
    """A TokenStore: the tokens of the stored log-in, for all commands of this account at once."""

    def __init__(self, url: str) -> None:
        self._url = url

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other commands from renewing at the same time."""
        if fcntl is None:
            yield
            return
        descriptor = os.open(path().with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def load(self) -> Tokens | None:
        """Return the present tokens, None after a log-out or a log-in elsewhere."""
        stored = load()
        return stored.tokens if stored and stored.url == self._url else None

    def save(self, tokens: Tokens) -> None:
        """Store the next pair."""
        save(StoredLogIn(self._url, tokens))
