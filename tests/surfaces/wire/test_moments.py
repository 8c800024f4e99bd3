"""Times come in as RFC 3339 and end up in UTC, or are refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.surfaces.wire.moments import EARLIEST, LATEST, BadMoment, parse_moment

OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))

# Hypothesis takes its bounds without a zone.
FIRST = datetime(1, 1, 3)  # noqa: DTZ001
LAST = datetime(9999, 12, 29)  # noqa: DTZ001


@given(st.datetimes(FIRST, LAST, timezones=OFFSETS))
def test_every_time_with_an_offset_keeps_its_instant(moment: datetime) -> None:
    parsed = parse_moment(moment.isoformat())
    assert parsed == moment
    assert parsed.tzinfo is UTC


@given(st.text(st.sampled_from("0123456789-:+TZtz. ")))
def test_anything_is_a_time_or_refused(text: str) -> None:
    try:
        moment = parse_moment(text)
    except BadMoment:
        return
    assert EARLIEST <= moment <= LATEST


@pytest.mark.parametrize(
    "text,expected",
    [
        ("2026-05-01", datetime(2026, 5, 1, tzinfo=UTC)),
        ("2026-05-01T09:30:00Z", datetime(2026, 5, 1, 9, 30, tzinfo=UTC)),
        ("2026-05-01t09:30:00z", datetime(2026, 5, 1, 9, 30, tzinfo=UTC)),
        ("2026-05-01 09:30:00+02:00", datetime(2026, 5, 1, 7, 30, tzinfo=UTC)),
        ("2026-05-01T09:30:00.1234567Z", datetime(2026, 5, 1, 9, 30, 0, 123456, UTC)),
        ("2024-02-29", datetime(2024, 2, 29, tzinfo=UTC)),
    ],
)
def test_forms_that_are_taken(text: str, expected: datetime) -> None:
    assert parse_moment(text) == expected


@pytest.mark.parametrize(
    "text,code",
    [
        ("2026-05-01T09:30:00", "offset_required"),
        ("0000-01-01T00:00:00Z", "out_of_range"),
        ("0000-01-01", "out_of_range"),
        ("0001-01-01T00:00:00+14:00", "out_of_range"),
        ("9999-12-31T23:59:59-14:00", "out_of_range"),
        ("9999-12-31", "out_of_range"),
        ("10000-01-01", "invalid"),
        ("2026-02-29", "invalid"),
        ("2026-13-01", "invalid"),
        ("2026-05-01T24:01:00Z", "invalid"),
        ("2016-12-31T23:59:60Z", "invalid"),
        ("2026-05-01T09:30:00+25:00", "invalid"),
        ("20260501", "invalid"),
        ("2026-W18-5", "invalid"),
        ("1777600000", "invalid"),
        ("\u0662\u0660\u0662\u0666-05-01", "invalid"),
        ("", "invalid"),
    ],
)
def test_forms_that_are_refused(text: str, code: str) -> None:
    with pytest.raises(BadMoment) as caught:
        parse_moment(text)
    assert caught.value.code == code
