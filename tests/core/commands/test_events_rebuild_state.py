"""The log is the whole truth: each task as it was, and its events since, equal the task as it is (after zulip)."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from baton.core.events.catalogue import CATALOGUE
from baton.core.events.facts.tasks import TASK_FIELDS
from baton.core.models import Event, Task
from baton.core.queries.task_rows import COLUMNS, tasks_of
from tests.cast import Cast
from tests.core.commands.scenarios import CASES, SCENARIOS, make_full_task

FIELDS = (*TASK_FIELDS, "project", "key")
NEW: dict[str, Any] = dict.fromkeys(TASK_FIELDS) | {
    "description": "",
    "assignees": [],
    "labels": [],
    "delegated": False,
}
"""What a task is before the event that it was created."""

Tasks = dict[int, dict[str, Any]]


@pytest.mark.parametrize("name, number", CASES)
def test_old_state_and_events_give_the_new_state(cast: Cast, name: str, number: int) -> None:
    task = make_full_task(cast)
    before, last = fetch(), newest_event()
    SCENARIOS[name][number](cast, task)
    after = fetch()
    events = Event.objects.filter(pk__gt=last, task__isnull=False).order_by("id")
    assert rebuild(before, list(events)) == after


@pytest.mark.parametrize("name, number", CASES)
def test_versions_count_the_changes(cast: Cast, name: str, number: int) -> None:
    """A task whose fields changed has another version; one whose fields did not has the same, or one answer more."""
    task = make_full_task(cast)
    before, versions = fetch(), dict(Task.objects.values_list("pk", "version"))
    SCENARIOS[name][number](cast, task)
    after = fetch()
    for pk, version in Task.objects.filter(pk__in=before).values_list("pk", "version"):
        if before[pk] != after[pk]:
            assert version > versions[pk], "somebody's copy would still count as present"
        elif name.startswith(("comments.", "task_watching.")):
            assert version == versions[pk], "somebody's edit would be stale for nothing"


def test_whole_lives(cast: Cast) -> None:
    """From nothing through every scenario of a task, one after the other where it still can."""
    for name, number in CASES:
        if name.startswith(("task_creation", "tasks.edit", "task_status", "comments.add")):
            SCENARIOS[name][number](cast, make_full_task(cast))
    events = Event.objects.filter(task__isnull=False).order_by("id")
    assert rebuild({}, list(events)) == fetch()


def test_every_field_of_the_log_is_a_field_of_the_task() -> None:
    shown = {*FIELDS, "rank"}
    for verb, fact in CATALOGUE.items():
        if verb.startswith(("task.", "delegation.")):
            assert set(fact.fields) <= shown, verb


def fetch() -> Tasks:
    """Return every task as its readers see it, people by their ids; those in the trash too."""
    rows = Task.objects.order_by("pk").values_list(*COLUMNS)
    shown = json.loads(msgspec.json.encode(tasks_of(list(rows))))
    return {task["id"]: {field: _by_id(task[field]) for field in FIELDS} for task in shown}


def rebuild(tasks: Tasks, events: list[Event]) -> Tasks:
    """Return the tasks after the events, each of which must start from what was there."""
    tasks = {pk: dict(task) for pk, task in tasks.items()}
    for event in events:
        assert event.task_id is not None
        if event.verb == "task.created":
            tasks[event.task_id] = {**NEW, "project": event.project_id, "key": event.data["key"]}
        if event.verb.startswith(("comment.", "attachment.")):
            continue
        task = tasks[event.task_id]
        for field, (old, new) in event.changes.items():
            if field == "rank":
                continue  # a sort key, which nobody is shown
            if event.verb != "task.created":
                assert task[field] == old, f"{event.verb} tells of another {field} than there was"
            task[field] = new
    return tasks


def newest_event() -> int:
    return Event.objects.order_by("-pk").values_list("pk", flat=True)[0]


def _by_id(value: Any) -> Any:
    if isinstance(value, list):
        return [_by_id(item) for item in value]
    return value["id"] if isinstance(value, dict) else value
