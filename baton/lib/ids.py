"""Identifiers that sort by the time they were made."""

from __future__ import annotations

from uuid import UUID

from uuid_utils.compat import uuid7


def new_uuid() -> UUID:
    """Return a fresh UUID version 7 (RFC 9562, section 5.7)."""
    return uuid7()
