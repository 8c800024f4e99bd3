"""Some days in a row, as they are in somebody's time zone."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
DEFAULT_DAYS = 30
LONGEST_DAYS = 5 * 366
SHOWN_BY_DAY = 62
"""Longer periods are shown week by week, so that a chart has no more points than paper has room for."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both of them included, from midnight to midnight in `zone`."""

    first: date
    last: date
    zone: ZoneInfo

    @classmethod
    def up_to(cls, last: date, zone: ZoneInfo, days: int = DEFAULT_DAYS) -> Period:
        """Return so many days that end with `last`."""
        return cls(last - (days - 1) * DAY, last, zone)

    @classmethod
    def last_week(cls, now: datetime, zone: ZoneInfo) -> Period:
        """Return the last whole week, Monday to Sunday, before the day that `now` is in the zone."""
        today = now.astimezone(zone).date()
        return cls.up_to(today - (today.weekday() + 1) * DAY, zone, days=7)

    @property
    def days(self) -> int:
        """How many days there are."""
        return (self.last - self.first).days + 1

    @property
    def starts_at(self) -> datetime:
        """The first moment."""
        return _midnight(self.first, self.zone)

    @property
    def ends_at(self) -> datetime:
        """The first moment behind it."""
        return _midnight(self.last + DAY, self.zone)

    @property
    def step(self) -> str:
        """What a point of a chart stands for: `day` or `week`."""
        return "day" if self.days <= SHOWN_BY_DAY else "week"

    @property
    def steps(self) -> list[date]:
        """The day each step begins with. Weeks begin on Mondays, so the first one and the last one may be shorter."""
        days = [self.first + number * DAY for number in range(self.days)]
        return [day for day in days if self.step == "day" or day == self.first or day.weekday() == 0]

    def count(self, moments: Iterable[datetime]) -> list[int]:
        """Return how many of the moments, all within the period, fall into each step."""
        steps = self.steps
        counts = [0] * len(steps)
        for moment in moments:
            counts[bisect_right(steps, moment.astimezone(self.zone).date()) - 1] += 1
        return counts


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
