"""The data folder's own secret: made once, readable by its owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def read_secret_key(data: Path) -> str:
    """Return the secret in the data folder, or an empty text where there is none."""
    try:
        return _path(data).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def make_secret_key(data: Path) -> str:
    """Return the data folder's secret, made now if there is none. Makes the folder too. Raises OSError."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    if existing := read_secret_key(data):
        return existing
    fresh = secrets.token_urlsafe(50)
    draft = data / f".secret_key.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{fresh}\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        # A link, not a rename: of two processes that start at once, both go on with the first one's secret.
        os.link(draft, _path(data))
    except FileExistsError:
        return read_secret_key(data)
    finally:
        draft.unlink()
    return fresh


def _path(data: Path) -> Path:
    return data / "secret_key"
