"""What time it is for all processes alike, whatever the clocks of their hosts say."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection

_SECONDS = {
    "postgresql": "SELECT extract(epoch FROM statement_timestamp())",
    "sqlite": "SELECT (julianday('now') - 2440587.5) * 86400",
}


def find_database_time() -> datetime:
    """Return the database's time, in which leases and pauses run too."""
    with connection.cursor() as cursor:
        cursor.execute(_SECONDS[connection.vendor])
        (seconds,) = cursor.fetchone()
    return datetime.fromtimestamp(float(seconds), UTC)
