"""The secrets of dialect tokens: 40 hexadecimal digits, made anew from a seed and the server's key when asked for.

An older system that signed its tokens kept none; what is kept of one of those is for whom it was signed.
"""

from __future__ import annotations

import re
from uuid import UUID

from django.utils.crypto import salted_hmac

from baton.lib.api_secrets import digest_of

_FORM = re.compile(r"[0-9a-f]{40}")


def secret_of(seed: UUID) -> str:
    """Return the token of a seed; always the same one, as long as the server keeps its key."""
    return salted_hmac("baton.lib.dialect_secrets", seed.bytes, algorithm="sha256").hexdigest()[:40]


def is_dialect_secret(text: str) -> bool:
    """Does it have the form of a token?"""
    return _FORM.fullmatch(text) is not None


def digest_of_signed(login: str) -> str:
    """Return what is kept of the token that an older system signed for a login.

    It is no secret: only whoever has checked the signature may ask by it.
    """
    return digest_of(f"signed for {login}")
