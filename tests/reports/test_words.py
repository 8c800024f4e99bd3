"""What a report calls things."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from baton.core.commands.account_checks import LANGUAGES
from baton.core.models import Priority, Status
from baton.reports.words import FALLBACK, WORDS, Wording

UTC_ZONE = ZoneInfo("UTC")


def test_every_language_has_every_word() -> None:
    assert set(WORDS) == set(LANGUAGES)
    for words in WORDS.values():
        assert set(words) == set(WORDS[FALLBACK])
        assert all(words.values())
        assert {*Status.values, *(priority.name.lower() for priority in Priority)} <= set(words)


@pytest.mark.parametrize(
    "seconds, english, russian",
    [
        (None, "–", "–"),
        (0, "0 min", "0 мин"),
        (59 * 60, "59 min", "59 мин"),
        (3600, "1 h", "1 ч"),
        (86_400, "1 d", "1 дн."),
        (86_399, "1 d", "1 дн."),
        (90_000, "1 d 1 h", "1 дн. 1 ч"),
        (30 * 86_400, "30 d", "30 дн."),
    ],
)
def test_durations(seconds: int | None, english: str, russian: str) -> None:
    assert Wording("en", UTC_ZONE).duration(seconds) == english
    assert Wording("ru", UTC_ZONE).duration(seconds) == russian


def test_moments_are_the_readers_whatever_language_is_active() -> None:
    moment = datetime(2026, 5, 31, 20, tzinfo=UTC)
    for active in ("en", "ru"):
        with translation.override(active):
            assert Wording("en", ZoneInfo("Asia/Tokyo")).moment(moment) == "June 1, 2026, 5 a.m. (Asia/Tokyo)"
            assert Wording("en", UTC_ZONE).short_day(date(2026, 5, 1)) == "1 May"
            assert Wording("ru", UTC_ZONE).short_day(date(2026, 5, 1)) == "1 мая"


def test_a_language_that_reports_do_not_know_is_the_first() -> None:
    assert Wording("tlh", UTC_ZONE).words is WORDS["en"]
