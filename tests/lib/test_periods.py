"""Days in a row, in a time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from baton.lib.periods import SHOWN_BY_DAY, Period

UTC_ZONE = ZoneInfo("UTC")
BERLIN = ZoneInfo("Europe/Berlin")


def test_from_midnight_to_midnight_of_its_zone() -> None:
    # The clocks go forward on the second of these days: together they have 47 hours.
    period = Period(date(2026, 3, 28), date(2026, 3, 29), BERLIN)
    assert period.starts_at == datetime(2026, 3, 27, 23, tzinfo=UTC)
    assert period.ends_at == datetime(2026, 3, 29, 22, tzinfo=UTC)
    assert period.days == 2


def test_the_last_thirty_days() -> None:
    period = Period.up_to(date(2026, 5, 30), BERLIN)
    assert (period.first, period.last, period.days) == (date(2026, 5, 1), date(2026, 5, 30), 30)


@pytest.mark.parametrize(
    "now, zone, monday",
    [
        ("2026-05-18T00:00:00Z", "UTC", date(2026, 5, 11)),
        ("2026-05-17T23:59:59Z", "UTC", date(2026, 5, 4)),
        ("2026-05-17T23:59:59Z", "Europe/Moscow", date(2026, 5, 11)),
        ("2026-05-18T03:00:00Z", "America/New_York", date(2026, 5, 4)),
    ],
)
def test_the_last_whole_week(now: str, zone: str, monday: date) -> None:
    week = Period.last_week(datetime.fromisoformat(now), ZoneInfo(zone))
    assert (week.first, week.days, week.last.weekday()) == (monday, 7, 6)


def test_longer_ones_are_shown_by_weeks_that_begin_on_mondays() -> None:
    short = Period.up_to(date(2026, 5, 31), UTC_ZONE, SHOWN_BY_DAY)
    assert (short.step, len(short.steps)) == ("day", SHOWN_BY_DAY)
    long = Period(date(2026, 1, 1), date(2026, 4, 1), UTC_ZONE)
    assert long.step == "week"
    assert long.steps[:3] == [date(2026, 1, 1), date(2026, 1, 5), date(2026, 1, 12)]
    assert all(day.weekday() == 0 for day in long.steps[1:])


def test_a_moment_counts_on_the_day_it_has_in_the_zone() -> None:
    period = Period(date(2026, 5, 1), date(2026, 5, 3), ZoneInfo("Asia/Tokyo"))
    moments = [
        datetime(2026, 4, 30, 15, tzinfo=UTC),
        datetime(2026, 5, 1, 14, 59, tzinfo=UTC),
        datetime(2026, 5, 3, 14, 59, tzinfo=UTC),
    ]
    assert period.count(moments) == [2, 0, 1]
