"""Passwords that an older system kept as salted MD5, made safe without knowing them: Argon2 over the old digest.

The first log-in replaces such a hash by an ordinary one, as Django does with every hasher but the first.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import md5
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher

LONGEST_SALT = 90
_BARE = "bare_salted_md5"
_DIGEST = re.compile(r"[0-9a-f]{32}")


class SaltedMD5InArgon2(Argon2PasswordHasher):
    """`argon2_salted_md5$<the old system's salt>$<Argon2 of the old digest>`.

    The salt came before the password or behind it: the old system's documents don't say, so either is tried.
    """

    algorithm = "argon2_salted_md5"

    def encode(self, password: str, salt: str) -> str:
        """Refuse: nobody gets a new password of this kind."""
        raise NotImplementedError("new passwords have another hasher")

    def verify(self, password: str, encoded: str) -> bool:
        """Is this the password?"""
        algorithm, salt, inner = encoded.split("$", 2)
        said = urlsafe_b64decode(salt).decode()
        digests = (md5(text.encode(), usedforsecurity=False).hexdigest() for text in (said + password, password + said))
        # Both in any case, so that the time tells nothing.
        found = [super(SaltedMD5InArgon2, self).verify(digest, f"{algorithm}${inner}") for digest in digests]
        return any(found)

    def decode(self, encoded: str) -> dict[str, Any]:
        """Return the parts of the hash."""
        algorithm, _, inner = encoded.split("$", 2)
        parts: dict[str, Any] = super().decode(f"{algorithm}${inner}")
        return parts

    def must_update(self, encoded: str) -> bool:
        """Always: an ordinary hash is better."""
        return True

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Do nothing: two Argon2 hashes take longer than one."""


def encode_salted_md5(digest: str, salt: str) -> str:
    """Return an old digest as `bare_salted_md5$<salt>$<digest>`, which is not to be kept; empty for what is none.

    Raises ValueError for a salt that is too long.
    """
    digest = digest.strip().lower()
    if len(salt.encode()) > LONGEST_SALT:
        raise ValueError(f"The salt may have at most {LONGEST_SALT} bytes.")
    if _DIGEST.fullmatch(digest) is None:
        return ""
    return f"{_BARE}${urlsafe_b64encode(salt.encode()).decode()}${digest}"


def is_bare(encoded: str) -> bool:
    """Is this an old digest that has to be wrapped before it may be kept?"""
    return encoded.startswith(f"{_BARE}$")


def wrapped(bare: str) -> str:
    """Return what to keep of an old digest. As slow as any new password."""
    _, salt, digest = bare.split("$")
    hasher = Argon2PasswordHasher()
    inner = hasher.encode(digest, hasher.salt()).partition("$")[2]
    return f"{SaltedMD5InArgon2.algorithm}${salt}${inner}"
