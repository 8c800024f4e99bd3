"""A unit of work holds writes back, and nobody who reads can tell."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from baton.core.models import Event, Label, Priority, Status, Tally, Task
from baton.lib import unit_of_work as unit_module
from baton.lib.ids import new_uuid
from baton.lib.unit_of_work import UnitOfWork, atomically, unit_of_work
from tests.cast import Cast
from tests.factories import make_task


class Undo(Exception):
    """Undoes a step."""


@pytest.fixture
def task(cast: Cast) -> Task:
    return make_task(cast.owner, cast.project)


def title_of(task: Task) -> str:
    return Task.objects.values_list("title", flat=True).get(pk=task.pk)


def write(task: Task, title: str) -> None:
    task.title = title
    unit_module.update(task, ["title"])


def add(task: Task, verb: str) -> None:
    unit_module.insert(Event(verb=verb, task=task, at=timezone.now(), surface="test", data={"ä": None}))


def verbs_of(task: Task) -> list[str]:
    return list(Event.objects.filter(task=task, surface="test").order_by("id").values_list("verb", flat=True))


def test_without_a_unit_everything_is_written_at_once(task: Task) -> None:
    write(task, "Now")
    add(task, "one")
    assert (title_of(task), verbs_of(task)) == ("Now", ["one"])


def test_what_is_held_back_goes_out_together(task: Task) -> None:
    with CaptureQueriesContext(connection) as queries, unit_of_work():
        for number in range(50):
            with atomically():
                write(task, f"Title {number}")
                add(task, f"verb {number}")
    assert title_of(task) == "Title 49"
    assert verbs_of(task) == [f"verb {number}" for number in range(50)]
    assert Event.objects.filter(surface="test").last().data == {"ä": None}  # type: ignore[union-attr]
    assert len(queries) <= 2


def test_who_reads_meets_what_was_written(task: Task) -> None:
    with unit_of_work():
        with atomically():
            write(task, "First")
            assert title_of(task) == "First"
            add(task, "one")
        assert verbs_of(task) == ["one"]


def test_a_failed_step_is_undone_whether_or_not_it_has_asked(task: Task) -> None:
    with unit_of_work():
        with atomically():
            write(task, "Kept")
            add(task, "kept")
        for asks in (False, True):
            with suppress(Undo), atomically():
                add(task, "undone")
                write(task, "Undone")
                if asks:
                    assert title_of(task) == "Undone"
                    Label.objects.create(project=task.project, name="undone", name_folded="undone")
                add(task, "undone")
                raise Undo
        assert title_of(task) == "Kept"
    assert verbs_of(task) == ["kept"]
    assert not Label.objects.exists()


def test_a_step_in_a_step_is_part_of_it(task: Task) -> None:
    with unit_of_work(), suppress(Undo), atomically():
        with atomically():
            write(task, "Undone")
        raise Undo
    assert title_of(task) == task.project.tasks.get().title == "Water the plants"


def test_a_failed_unit_writes_nothing(task: Task) -> None:
    with suppress(Undo), transaction.atomic(), unit_of_work():
        write(task, "Undone")
        title_of(task)
        write(task, "Undone too")
        raise Undo
    assert title_of(task) == "Water the plants"
    assert unit_module.present_unit() is None


def test_different_columns_of_one_row_all_arrive(task: Task) -> None:
    with unit_of_work():
        write(task, "First")
        task.version = 7
        unit_module.update(task, ["version"])
        write(task, "Last")
        task.description = "Said at the end"
        unit_module.update(task, ["description", "version"])
    task.refresh_from_db()
    assert (task.title, task.version, task.description) == ("Last", 7, "Said at the end")


def test_values_of_every_kind_arrive(task: Task) -> None:
    uuid, at = new_uuid(), timezone.now()
    text = 'a "quoted", {braced}\\n \n\t ё 🎉 NULL \\u0041'
    columns = {"uuid": uuid, "due_at": at, "priority": Priority.HIGH, "status": Status.REVIEW, "delegated": True}
    said = {"text": text, "number": 2**60, "half": 0.5, "nothing": None, "list": [True, [], {}]}
    with unit_of_work():
        for column, value in {**columns, "description": text, "lead_id": None}.items():
            setattr(task, column, value)
        unit_module.update(task, [*columns, "description", "lead_id"])
        unit_module.insert(Event(verb="said", task=task, at=at, surface="test", data=said))
        unit_module.insert(
            Event(verb="said", project=task.project, at=at, surface="test", request_id=text, data=[text])
        )
    task.refresh_from_db()
    assert {column: getattr(task, column) for column in columns} == columns
    assert (task.description, task.lead_id) == (text, None)
    first, second = Event.objects.filter(surface="test").order_by("id")
    assert (first.data, first.at, first.task_id, first.project_id) == (said, at, task.pk, None)
    assert (second.data, second.request_id, second.task_id) == ([text], text, None)
    assert first.transaction == second.transaction == Event.objects.earliest("id").transaction


def test_a_text_that_is_too_long_is_refused_not_cut(task: Task) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite takes texts of any length")
    with pytest.raises(DataError), transaction.atomic(), unit_of_work():
        write(task, "x" * 201)
    assert title_of(task) == "Water the plants"


def test_what_a_failed_step_has_kept_or_taken_is_forgotten() -> None:
    unit = UnitOfWork()
    unit.remember("taken", 1)
    unit.remember("looked at", 2)
    with suppress(Undo), unit.step():
        assert (unit.take("taken"), unit.recall("looked at"), unit.recall("nothing", 3)) == (1, 2, 3)
        unit.remember("kept", 4)
        raise Undo
    assert (unit.recall("taken"), unit.recall("looked at"), unit.recall("kept")) == (None, 2, None)


def test_entries_of_a_sum_are_added_up(task: Task) -> None:
    kept = Tally.objects.count()
    with unit_of_work():
        for status, difference in [("todo", -1), ("done", 1), ("done", -1), ("review", 1), ("todo", -1)]:
            entry = Tally(project=task.project, status=status, priority=2, is_unassigned=True, difference=difference)
            unit_module.insert(entry)
    new = Tally.objects.order_by("id").values_list("status", "difference")[kept:]
    assert list(new) == [("todo", -2), ("review", 1)]


@pytest.mark.django_db(transaction=True)
def test_it_needs_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="transaction"), unit_of_work():
        pass
