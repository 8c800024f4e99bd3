"""Secrets that are shared with a receiver and stand nowhere: made of a stored seed and the server's own key.

So nothing that shows, exports or loses a row of the database can show the secret. Another server key means other
secrets.
"""

from __future__ import annotations

import base64
import secrets

from django.utils.crypto import salted_hmac

_PREFIX = "whsec_"  # as Standard Webhooks writes it
SEED_LENGTH = 32


def make_seed() -> str:
    """Return the seed of a new secret."""
    return secrets.token_hex(SEED_LENGTH // 2)


def secret_of(seed: str) -> str:
    """Return the secret that a seed stands for."""
    digest = salted_hmac("baton.signing_secret", seed, algorithm="sha256").digest()
    return _PREFIX + base64.b64encode(digest).decode()
