"""Values of old databases, which SQLite keeps as texts and PostgreSQL as what they are."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo
from typing import Any
from uuid import UUID


def moment(value: Any, zone: tzinfo = UTC) -> datetime | None:
    """Return a point in time; one without an offset is taken for the zone's."""
    if value in (None, ""):
        return None
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(found, datetime):
        found = datetime.combine(found, time.min)
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def day(value: Any, zone: tzinfo = UTC) -> datetime | None:
    """Return the beginning of a day."""
    if value in (None, ""):
        return None
    found = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return datetime(found.year, found.month, found.day, tzinfo=zone).astimezone(UTC)


def text(value: Any) -> str:
    """Return a text, empty where there is none."""
    return "" if value is None else str(value)


def key(value: Any) -> str | None:
    """Return an id as a text: a UUID in its usual form, None where there is none."""
    return None if value is None else str(uuid_or_none(value) or value)


def keys(value: Any) -> list[str]:
    """Return the one id there is, or none."""
    found = key(value)
    return [] if found is None else [found]


def uuid_or_none(value: Any) -> UUID | None:
    """Return the UUID that a value is."""
    if isinstance(value, UUID):
        return value
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
