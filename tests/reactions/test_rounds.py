"""What comes round by the clock is done once, by however many ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from baton import wiring
from baton.core.models import JobSlot
from baton.reactions.rounds import Round, make_rounds, register_rounds
from tests.threads import run_together

HOUR = timedelta(hours=1)
BEGIN = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Failing(Exception):
    """Something goes wrong."""


@pytest.fixture
def made() -> list[str]:
    return []


@pytest.fixture(autouse=True)
def rounds(made: list[str]) -> object:
    def note(occasion: str) -> int:
        made.append(occasion)
        return 1

    register_rounds([Round("test", lambda: HOUR, note)])
    yield
    register_rounds(wiring.ROUNDS)


def at(moment: datetime) -> int:
    with time_machine.travel(moment, tick=False):
        return make_rounds()


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_make_one_round(made: list[str]) -> None:
    at(BEGIN)
    with time_machine.travel(BEGIN + HOUR, tick=False):
        run_together(*[make_rounds] * 4)
    assert made == ["test:2026-11-21T13:00:00Z"]


@pytest.mark.django_db(transaction=True)
def test_a_round_that_fails_is_made_later(made: list[str]) -> None:
    def fail(_occasion: str) -> int:
        raise Failing

    at(BEGIN)
    register_rounds([Round("test", lambda: HOUR, fail)])
    with pytest.raises(Failing):
        at(BEGIN + HOUR)
    assert JobSlot.objects.count() == 1
    register_rounds([Round("test", lambda: HOUR, _noting(made))])
    assert at(BEGIN + HOUR + HOUR / 2) == 1
    assert made == ["test:2026-11-21T13:00:00Z"]


def _noting(made: list[str]) -> Callable[[str], int]:
    """Return what notes each round and writes one letter."""

    def queue(occasion: str) -> int:
        made.append(occasion)
        return 1

    return queue


@pytest.mark.django_db
def test_another_period_goes_on_from_where_the_first_was(made: list[str]) -> None:
    at(BEGIN)
    at(BEGIN + HOUR)
    register_rounds([Round("test", lambda: 24 * HOUR, _noting(made))])
    assert at(BEGIN + 2 * HOUR) == 0
    assert at(BEGIN + 12 * HOUR) == 1
    assert made == ["test:2026-11-21T13:00:00Z", "test:2026-11-22T00:00:00Z"]
