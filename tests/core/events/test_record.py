from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from django.utils import timezone as clock

from baton.core.actor import SYSTEM, Actor
from baton.core.events.facts.tasks import TaskCreated, TaskEdited, TaskWatched
from baton.core.events.record import record
from baton.core.models import Event


@pytest.mark.django_db(transaction=True)
def test_a_fact_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match=r"task\.watched must be recorded in the transaction of its change"):
        record(SYSTEM, TaskWatched(), at=clock.now(), project_id=1)
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_a_field_the_catalogue_does_not_name_is_refused() -> None:
    with pytest.raises(ValueError, match=r"task\.edited does not tell of \['colour'\]"):
        record(SYSTEM, TaskEdited(), at=clock.now(), project_id=1, changes={"title": ("a", "b"), "colour": (1, 2)})
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_an_event_keeps_who_what_where_and_when() -> None:
    at = datetime(2026, 3, 1, 12, 0, 0, 5, tzinfo=timezone(timedelta(hours=3)))
    due = datetime(2026, 3, 2, 9, 30, tzinfo=timezone(timedelta(hours=3)))
    actor = Actor(3, surface="web", request_id="r-1")
    written = record(actor, TaskCreated(key="OPS-7"), at=at, project_id=5, task_id=9, changes={"due_date": (None, due)})
    event = Event.objects.get(pk=written.pk)
    assert (event.verb, event.project_id, event.task_id, event.user_id) == ("task.created", 5, 9, None)
    assert (event.actor_id, event.surface, event.request_id, event.at) == (3, "web", "r-1", at)
    assert event.data == {"key": "OPS-7"}
    assert event.changes == {"due_date": [None, "2026-03-02T06:30:00Z"]}
