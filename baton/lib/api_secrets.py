"""The secrets of API tokens."""

from __future__ import annotations

import re
import secrets
from hashlib import sha256

PREFIX = "bat_"
HINT_LENGTH = 12
_FORM = re.compile(r"bat_[0-9a-f]{64}")


def make_secret() -> str:
    """Return a new secret: 32 random bytes."""
    return PREFIX + secrets.token_hex(32)


def is_secret(text: str) -> bool:
    """Does it have the form of a secret?"""
    return _FORM.fullmatch(text) is not None


def digest_of(secret: str) -> str:
    """Return what is kept of a secret. No slow hash: nobody guesses 32 random bytes."""
    return sha256(secret.encode()).hexdigest()
