"""An archive shows a project as it was at one moment, however long it takes and whatever is written meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from baton.core.commands.comments import add_comment
from baton.core.commands.projects import edit_project
from baton.core.commands.task_creation import create_task
from baton.core.commands.tasks import edit_task, trash_task
from baton.core.models import Task, User
from baton.core.queries.archive import write_archive
from baton.lib.snapshot import one_state
from tests.factories import actor_of, make_project, make_task, make_user
from tests.threads import run_together

pytestmark = pytest.mark.django_db(transaction=True)


class Interrupted(BytesIO):
    """A file during whose first writing somebody changes the project."""

    def __init__(self, change: Callable[[], None]) -> None:
        super().__init__()
        self._changes = [change]

    def write(self, piece: Any, /) -> int:
        while self._changes:
            run_together(self._changes.pop())
        return super().write(piece)


def test_an_archive_is_of_one_moment(store: Path) -> None:
    owner = make_user()
    actor = actor_of(owner)
    project = make_project(owner)
    first, last = make_task(owner, project, "First"), make_task(owner, project, "Last")

    def change() -> None:
        edit_project(actor, project.pk, {"description": "Changed meanwhile"})
        edit_task(actor, last.pk, {"title": "Changed meanwhile"})
        add_comment(actor, last.pk, "Said meanwhile")
        create_task(actor, project.pk, {"title": "Made meanwhile"})
        trash_task(actor, first.pk)

    before, during, after = BytesIO(), Interrupted(change), BytesIO()
    write_archive(actor, project.pk, before)
    write_archive(actor, project.pk, during)
    write_archive(actor, project.pk, after)
    assert during.getvalue() == before.getvalue()
    assert after.getvalue() != before.getvalue()
    assert {task.title for task in Task.objects.filter(trashed_at=None)} == {"Changed meanwhile", "Made meanwhile"}


def test_one_state_is_left_as_it_was_found() -> None:
    owner = make_user()
    project = make_project(owner)

    def write() -> None:
        make_task(owner, project)

    with one_state():
        assert Task.objects.count() == 0
        run_together(write)
        assert Task.objects.count() == 0, "nobody was kept out, and nothing of it is seen"
    assert Task.objects.count() == 1
    with pytest.raises(Task.DoesNotExist), one_state():
        Task.objects.get(pk=0)
    with transaction.atomic():
        make_task(owner, project)
    assert Task.objects.count() == 2


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite can't forbid it")
def test_nothing_can_be_written_in_it() -> None:
    owner = make_user()
    with pytest.raises(DatabaseError, match="read-only"), one_state():
        User.objects.filter(pk=owner.pk).update(name="Changed")
    User.objects.filter(pk=owner.pk).update(name="Changed")
    assert User.objects.get(pk=owner.pk).name == "Changed"
