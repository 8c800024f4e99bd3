"""Hours of a day in time zones whose clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from baton.lib.local_times import end_of_hours, latest, moment_of, zone_of

BERLIN = zone_of("Europe/Berlin")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
"""In Berlin there is no 02:30 on the first, and two on the second."""


def utc(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    "day, hour, expected",
    [
        (SPRING, time(1, 59), utc(SPRING, 0, 59)),
        (SPRING, time(2, 30), utc(SPRING, 1, 30)),
        (SPRING, time(3), utc(SPRING, 1)),
        (AUTUMN, time(2, 30), utc(AUTUMN, 0, 30)),
        (AUTUMN, time(3), utc(AUTUMN, 2)),
    ],
)
def test_hours_of_days_on_which_the_clocks_change(day: date, hour: time, expected: datetime) -> None:
    assert moment_of(day, hour, BERLIN) == expected


@pytest.mark.parametrize(
    "zone, now, expected",
    [
        ("Pacific/Kiritimati", utc(date(2026, 11, 20), 17, 59), date(2026, 11, 20)),
        ("Pacific/Kiritimati", utc(date(2026, 11, 20), 18), date(2026, 11, 21)),
        ("Pacific/Pago_Pago", utc(date(2026, 11, 21), 18, 59), date(2026, 11, 20)),
        ("Pacific/Pago_Pago", utc(date(2026, 11, 21), 19), date(2026, 11, 21)),
        ("UTC", utc(date(2026, 11, 21), 8), date(2026, 11, 21)),
    ],
)
def test_the_last_day_on_which_it_was_eight(zone: str, now: datetime, expected: date) -> None:
    day, moment = latest(now, 8, zone_of(zone))
    assert day == expected
    assert moment <= now < moment + timedelta(days=1)


def test_the_last_monday() -> None:
    saturday, monday = datetime(2026, 11, 21, 12, tzinfo=UTC), date(2026, 11, 16)
    assert latest(saturday, 8, UTC, weekday=0) == (monday, utc(monday, 8))
    assert latest(utc(monday, 7, 59), 8, UTC, weekday=0)[0] == monday - timedelta(days=7)


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_each_day_has_every_hour_once(day: date) -> None:
    """Looked at each minute, the last day on which it was two changes exactly once a day."""
    begin = utc(day - timedelta(days=1), 12)
    seen = [latest(begin + timedelta(minutes=minute), 2, BERLIN)[0] for minute in range(48 * 60)]
    assert seen == sorted(seen)
    assert sorted(set(seen)) == [day - timedelta(days=1) + timedelta(days=step) for step in range(3)]


@pytest.mark.parametrize(
    "now, begin, end, expected",
    [
        (utc(AUTUMN, 12), time(9), time(17), utc(AUTUMN, 16)),
        (utc(AUTUMN, 16), time(9), time(17), None),
        (utc(AUTUMN, 7, 59), time(9), time(17), None),
        (utc(AUTUMN, 8), time(9), time(17), utc(AUTUMN, 16)),
        # Over midnight, seen from before and after it, in the night that has an hour more and the one with less.
        (utc(date(2026, 10, 24), 21), time(22), time(7), utc(AUTUMN, 6)),
        (utc(AUTUMN, 0), time(22), time(7), utc(AUTUMN, 6)),
        (utc(SPRING, 0), time(22), time(7), utc(SPRING, 5)),
        (utc(SPRING, 5), time(22), time(7), None),
        # To an hour that is left out.
        (utc(SPRING, 0), time(22), time(2, 30), utc(SPRING, 1, 30)),
    ],
)
def test_when_hours_are_over(now: datetime, begin: time, end: time, expected: datetime | None) -> None:
    assert end_of_hours(now, begin, end, BERLIN) == expected


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "Europe"])
def test_a_zone_that_there_is_not_is_utc(name: str) -> None:
    assert zone_of(name).key == "UTC"
