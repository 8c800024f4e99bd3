"""Hours of somebody's day as moments of everybody's time, through changes of the clocks.

An hour that the clocks leave out is the moment they are put forward to; of one that comes twice the first counts.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


def zone_of(name: str) -> ZoneInfo:
    """Return the time zone of that name; UTC where this machine's time zone database has dropped it."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def moment_of(day: date, hour: time, zone: tzinfo) -> datetime:
    """Return when it is that hour of that day there, in UTC."""
    return datetime.combine(day, hour, zone).astimezone(UTC)


def latest(now: datetime, hour: int, zone: tzinfo, weekday: int | None = None) -> tuple[date, datetime]:
    """Return the last day on which it has been that hour there, and when it was.

    Only on a weekday (0 is Monday) if given.
    """
    day = now.astimezone(zone).date()
    while (weekday is not None and day.weekday() != weekday) or moment_of(day, time(hour), zone) > now:
        day -= _DAY
    return day, moment_of(day, time(hour), zone)


def end_of_hours(now: datetime, begin: time, end: time, zone: tzinfo) -> datetime | None:
    """Return when the hours from `begin` to `end` are over that it is in there; None outside of them.

    They may reach over midnight.
    """
    today = now.astimezone(zone).date()
    for day in (today - _DAY, today):
        over = moment_of(day if begin < end else day + _DAY, end, zone)
        if moment_of(day, begin, zone) <= now < over:
            return over
    return None
