"""What belongs together in the log, however a reader's batches cut it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine

from baton.core.commands.members import add_member
from baton.core.commands.task_delegation import delegate_task
from baton.core.commands.tasks import edit_task
from baton.core.events.change import changes_of
from baton.core.models import Event
from tests.cast import Cast
from tests.factories import actor_of, make_project, make_task

pytestmark = pytest.mark.django_db


def verbs(events: list[Event], *, batch: int) -> list[list[str]]:
    changes = [change for start in range(0, len(events), batch) for change in changes_of(events[start : start + batch])]
    return [[event.verb for event in change.events] for change in changes]


@pytest.mark.parametrize("batch", [1, 2, 3, 5, 100])
def test_a_command_is_one_change_of_each_task(cast: Cast, batch: int) -> None:
    elsewhere = make_project(cast.owner, "Elsewhere")
    whole = make_task(cast.owner, cast.project)
    make_task(cast.owner, cast.project, parent_id=whole.pk)
    last = Event.objects.latest("pk").pk
    edit_task(actor_of(cast.owner), whole.pk, {"title": "New", "status": "done", "project_id": elsewhere.pk})
    add_member(actor_of(cast.owner), elsewhere.pk, cast.editor.pk)
    edit_task(actor_of(cast.owner), whole.pk, {"title": "Newer", "assigned_to": cast.editor.pk})
    delegate_task(actor_of(cast.editor), whole.pk, cast.owner.pk)
    events = list(Event.objects.filter(pk__gt=last).order_by("pk"))
    # The part is let go between two events of the whole.
    assert verbs(events, batch=batch) == [
        ["task.left", "task.moved", "task.edited", "task.status_changed"],
        ["task.edited"],
        ["member.added"],
        ["task.edited", "task.assigned"],
        ["task.delegated"],
    ]


def test_commands_at_one_moment_are_told_apart(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    last = Event.objects.latest("pk").pk
    with time_machine.travel(datetime(2026, 11, 21, tzinfo=UTC), tick=False):
        for title in ("One", "Two"):
            edit_task(actor_of(cast.owner), task.pk, {"title": title})
    changes = changes_of(list(Event.objects.filter(pk__gt=last)))
    assert [change.first.changes["title"][1] for change in changes] == ["One", "Two"]
    assert changes[0].occasion != changes[1].occasion


def test_nothing_is_no_change() -> None:
    assert changes_of([]) == []
