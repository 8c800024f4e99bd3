"""What commands leave behind: events, and rows that changed or did not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Any

from django.apps import apps

from baton.core.events.log import Horizon
from baton.core.models import Event, Task

UNTOLD = {"Session", "IdempotencyKey", "ReactionCursor", "LogEra", "StreamTicket"}
"""Rows that come and go without being a change of anything people work on."""
_OF_A_LOG_IN = "last_login"


def verbs_of(task: Task) -> list[str]:
    """Return what happened to the task, the oldest first."""
    return list(Event.objects.filter(task=task).order_by("id").values_list("verb", flat=True))


def last_event(task: Task) -> Event:
    """Return the newest event of the task."""
    event = Event.objects.filter(task=task).order_by("id").last()
    assert event is not None
    return event


def snapshot() -> dict[str, list[dict[str, Any]]]:
    """Return every row of the core's tables, except that somebody logged in."""
    models = [model for model in apps.get_app_config("core").get_models() if model.__name__ not in UNTOLD]
    return {
        model.__name__: [
            {column: value for column, value in row.items() if column != _OF_A_LOG_IN}
            for row in model._default_manager.order_by("pk").values()
            if row.get("verb") != "session.opened"
        ]
        for model in models
    }


def let_the_log_settle() -> None:
    """Wait until every committed event can be read from the log.

    On PostgreSQL its horizon waits for the older transactions of the whole server, and so for those of the tests that
    run beside this one in other databases.
    """
    end = monotonic() + 60
    while Event.objects.filter(transaction__gte=Horizon()).exists():
        assert monotonic() < end, "a transaction has been open for a minute"
        sleep(0.01)


@contextmanager
def nothing_changes() -> Iterator[None]:
    """Check that what runs inside leaves every row as it was, and no event."""
    before = snapshot()
    yield
    assert snapshot() == before
