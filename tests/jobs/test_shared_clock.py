"""Messages are good for seconds by the database's clock, whatever those of the hosts say."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from structlog.testing import capture_logs

from baton.core.queries.database_time import find_database_time
from baton.jobs import shared_clock
from baton.jobs.app import app
from baton.jobs.shared_clock import DatedRequest, SharedClock

pytestmark = pytest.mark.django_db(transaction=True)

MINUTES = [600, 10, 0, -10]


def host(minutes: float) -> Any:
    """Return the block in which this is a host whose clock is so many minutes ahead."""
    return time_machine.travel(datetime.now(UTC) + timedelta(minutes=minutes), tick=True)


def clock_of_host() -> SharedClock:
    clock = SharedClock()
    clock.look()
    return clock


@pytest.fixture
def stamp(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give what a host writes on a message that is good for so many seconds, or was until so many ago."""

    def write(seconds: float) -> str:
        monkeypatch.setattr(shared_clock, "clock", clock_of_host())
        headers: dict[str, Any] = app.amqp.as_task_v2("1", "baton.follow_log", expires=seconds).headers
        return str(headers["expires"])

    return write


def is_dropped(stamp: str, monkeypatch: pytest.MonkeyPatch, clock: SharedClock) -> bool:
    """Is a message with this written on it dropped by a worker that has this clock?"""
    monkeypatch.setattr(shared_clock, "clock", clock)
    request = DatedRequest.__new__(DatedRequest)
    request.expires = datetime.fromisoformat(stamp)
    return bool(request.maybe_expire())


@pytest.mark.parametrize("ahead", MINUTES)
def test_the_databases_time_is_known_on_any_host(ahead: float) -> None:
    now = datetime.now(UTC)
    with host(ahead):
        assert abs(find_database_time() - now) < timedelta(seconds=5)
        assert abs(clock_of_host().now() - now) < timedelta(seconds=5)


@pytest.mark.parametrize("sender", MINUTES)
@pytest.mark.parametrize("receiver", MINUTES)
def test_a_message_is_good_for_as_long_as_it_says(
    sender: float, receiver: float, stamp: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with host(sender):
        fresh, old = stamp(5), stamp(-1)
    with host(receiver):
        clock = clock_of_host()
        assert not is_dropped(fresh, monkeypatch, clock)
        assert is_dropped(old, monkeypatch, clock)


def test_nothing_is_dropped_as_long_as_the_time_is_not_known(stamp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    old = stamp(-1)
    assert not is_dropped(old, monkeypatch, SharedClock())


def test_what_was_known_too_long_ago_is_not_known(stamp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    old, clock = stamp(-1), clock_of_host()
    later = time.monotonic() + 61
    monkeypatch.setattr("baton.jobs.shared_clock.monotonic", lambda: later)
    assert not is_dropped(old, monkeypatch, clock)
    clock.look()
    assert is_dropped(old, monkeypatch, clock)


def test_without_the_database_a_host_goes_by_its_own_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "connect", _fail)
    connection.close()
    with capture_logs() as logs:
        clock = clock_of_host()
    assert [line["event"] for line in logs] == ["clock.not_compared"]
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=1)


def _fail() -> None:
    from django.db import OperationalError

    raise OperationalError("gone")
