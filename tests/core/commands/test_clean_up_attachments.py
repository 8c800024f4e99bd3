"""clean_up_attachments: what goes, what is announced first, what stays, and two schedulers at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from baton.adapters.staging import Staging
from baton.core.commands.attachment_clean_up import CleanUp, clean_up_attachments
from baton.core.commands.attachments import add_attachment, remove_attachment, restore_attachment
from baton.core.commands.projects import trash_project
from baton.core.commands.task_status import change_status
from baton.core.commands.tasks import trash_task
from baton.core.models import Attachment, AttachmentFarewell, Event, Task
from baton.core.queries.attachment_farewells import list_farewells, list_projects_with_farewells
from baton.jobs.keep_files import clean_up_attachments as job
from baton.schedule import make_schedule
from tests.cast import Cast
from tests.factories import actor_of, make_project, make_task, make_user
from tests.threads import run_together
from tests.traces import last_event, nothing_changes

Stage = Callable[[bytes], Staging]
Attach = Callable[[Task], Attachment]
YEAR, WEEK, DAY = timedelta(days=365), timedelta(days=7), timedelta(days=1)
SUNDAY = datetime(2026, 11, 22, 2, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[Any]:
    """Give the clock, two years before the Sunday of the first clean-up."""
    with time_machine.travel(SUNDAY - 2 * YEAR, tick=False) as moved:
        yield moved


@pytest.fixture
def attach(cast: Cast, store: Path, staged: Stage) -> Attach:
    return lambda task: add_attachment(actor_of(cast.editor), task.pk, staged(b"Hello"), "notes.txt")


@pytest.fixture
def old(cast: Cast, clock: Any, attach: Attach) -> Attachment:
    """Return a file of a task done two years ago; it is Sunday now."""
    task = make_task(cast.owner, cast.project)
    attachment = attach(task)
    change_status(actor_of(cast.owner), task.pk, "done")
    clock.move_to(SUNDAY)
    return attachment


def trashed(attachment: Attachment) -> bool:
    return Attachment.objects.get(pk=attachment.pk).trashed_at is not None


def announced() -> list[int]:
    return list(AttachmentFarewell.objects.order_by("attachment").values_list("attachment", flat=True))


def test_it_is_announced_and_goes_a_week_later(cast: Cast, clock: Any, old: Attachment) -> None:
    assert clean_up_attachments(YEAR) == CleanUp(removed=0, listed=1)
    assert not trashed(old)
    assert announced() == [old.pk]
    clock.shift(WEEK)
    assert clean_up_attachments(YEAR) == CleanUp(removed=1, listed=0)
    assert trashed(old)
    assert announced() == []
    task = Task.objects.get(pk=old.task_id)
    event = last_event(task)
    assert (event.verb, event.actor_id, event.surface) == ("attachment.removed", None, "system")
    assert event.data == {"attachment": old.pk}
    assert (task.attachments_count, event.project_id) == (0, cast.project.pk)


def test_twice_on_one_day_is_once(clock: Any, old: Attachment) -> None:
    clean_up_attachments(YEAR)
    clock.shift(timedelta(hours=10))
    with nothing_changes():
        assert clean_up_attachments(YEAR) == CleanUp(0, 0)


def test_what_stays(cast: Cast, clock: Any, attach: Attach) -> None:
    """Files of tasks that are open, were done lately, or lie in the trash; and files that came lately."""
    owner = actor_of(cast.owner)
    tasks = {name: make_task(cast.owner, cast.project, name) for name in ("open", "late", "thrown", "fresh", "removed")}
    files = {name: attach(task) for name, task in tasks.items() if name != "fresh"}
    for name in ("thrown", "fresh", "removed"):
        change_status(owner, tasks[name].pk, "done")
    trash_task(owner, tasks["thrown"].pk)
    clock.move_to(SUNDAY - YEAR + timedelta(minutes=1))
    change_status(owner, tasks["late"].pk, "done")
    attach(tasks["fresh"])
    remove_attachment(owner, files["removed"].pk)
    clock.move_to(SUNDAY)
    with nothing_changes():
        assert clean_up_attachments(YEAR) == CleanUp(0, 0)
    clock.shift(timedelta(minutes=2))
    assert clean_up_attachments(YEAR) == CleanUp(removed=0, listed=2)


def test_what_lies_in_a_project_in_the_trash_stays(cast: Cast, old: Attachment) -> None:
    trash_project(actor_of(cast.owner), cast.project.pk)
    assert clean_up_attachments(YEAR) == CleanUp(0, 0)


def test_who_reopens_the_task_saves_its_files(cast: Cast, clock: Any, old: Attachment) -> None:
    clean_up_attachments(YEAR)
    change_status(actor_of(cast.owner), old.task_id, "review")
    clock.shift(WEEK)
    assert clean_up_attachments(YEAR) == CleanUp(0, 0)
    assert not trashed(old)
    assert announced() == []


def test_what_was_restored_is_announced_anew(cast: Cast, clock: Any, old: Attachment) -> None:
    clean_up_attachments(YEAR)
    clock.shift(WEEK)
    clean_up_attachments(YEAR)
    restore_attachment(actor_of(cast.owner), old.pk)
    assert clean_up_attachments(YEAR) == CleanUp(removed=0, listed=1)
    assert not trashed(old)


def test_a_missed_sunday_is_made_up_for_once(clock: Any, old: Attachment) -> None:
    clean_up_attachments(YEAR)
    clock.shift(3 * WEEK)
    assert clean_up_attachments(YEAR) == CleanUp(removed=1, listed=0)


def test_switched_off_it_keeps_all_and_announces_nothing(clock: Any, old: Attachment) -> None:
    clean_up_attachments(YEAR)
    clock.shift(WEEK)
    assert clean_up_attachments(timedelta(0)) == CleanUp(0, 0)
    assert not trashed(old)
    assert announced() == []


def test_owners_can_be_told(cast: Cast, old: Attachment) -> None:
    clean_up_attachments(YEAR)
    assert list_projects_with_farewells() == [cast.project.pk]
    (farewell,) = list_farewells(cast.project.pk)
    assert (farewell.attachment.name, farewell.attachment.task.pk, farewell.listed_at) == (
        "notes.txt",
        old.task_id,
        SUNDAY,
    )
    remove_attachment(actor_of(cast.owner), old.pk)
    assert list_projects_with_farewells() == []
    assert list_farewells(cast.project.pk) == []


def test_its_job_runs_on_sundays_and_says_what_it_did(cast: Cast, clock: Any, old: Attachment, settings: Any) -> None:
    entry = make_schedule()["clean-up-attachments"]
    when = entry["schedule"]
    assert (entry["task"], when.day_of_week, when.hour, when.minute) == (job.name, {0}, {2}, {0})
    assert job() == "removed 0, listed 0"
    settings.BATON_ATTACHMENT_RETENTION_DAYS = 365
    assert job() == "removed 0, listed 1"


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_do_what_one_does(store: Path, staged: Stage) -> None:
    owner = make_user()
    project = make_project(owner)
    with time_machine.travel(SUNDAY - 2 * YEAR, tick=False) as clock:
        files = []
        for number in range(12):
            task = make_task(owner, project, f"Task {number}")
            files.append(add_attachment(actor_of(owner), task.pk, staged(b"Hello"), "notes.txt"))
            change_status(actor_of(owner), task.pk, "done")
        clock.move_to(SUNDAY)
        run_together(*[lambda: clean_up_attachments(YEAR)] * 4)
        assert announced() == [file.pk for file in files]
        clock.shift(WEEK)
        done = run_together(*[lambda: clean_up_attachments(YEAR)] * 4)
    assert sum(each.removed for each in done) == len(files)
    assert Event.objects.filter(verb="attachment.removed").count() == len(files)
    assert all(trashed(file) for file in files)
    assert announced() == []
    assert set(Task.objects.filter(project=project).values_list("attachments_count", flat=True)) == {0}
