"""Attaching a file."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from baton.adapters import storage
from baton.adapters.staging import Staging
from baton.core.commands.attachments import add_attachment
from baton.core.commands.projects import edit_project
from baton.core.commands.tasks import trash_task
from baton.core.errors import Denied, NotFound
from baton.core.models import Attachment, Task, User
from tests.cast import Cast
from tests.factories import actor_of, make_task, make_user
from tests.stores import files_in, picture
from tests.traces import last_event, nothing_changes, verbs_of

Stage = Callable[[bytes], Staging]


@pytest.fixture
def task(cast: Cast) -> Task:
    return make_task(cast.owner, cast.project)


def test_works(cast: Cast, task: Task, store: Path, staged: Stage) -> None:
    attachment = add_attachment(actor_of(cast.editor), task.pk, staged(b"Hello"), "../notes\u202e.txt")

    attachment.refresh_from_db()
    assert (attachment.name, attachment.size, attachment.content_type) == ("notes.txt", 5, "text/plain")
    assert attachment.sha256 == hashlib.sha256(b"Hello").hexdigest() == storage.checksum(attachment.path)
    assert (attachment.uploaded_by, attachment.wants_thumbnail) == (cast.editor, False)
    assert files_in(store) == {attachment.path}
    before = task.version
    task.refresh_from_db()
    assert (task.attachments_count, task.version) == (1, before)


def test_twice_makes_two(cast: Cast, task: Task, store: Path, staged: Stage) -> None:
    for _ in range(2):
        add_attachment(actor_of(cast.editor), task.pk, staged(b"Hello"), "notes.txt")
    assert Attachment.objects.filter(task=task).count() == len(files_in(store)) == 2
    task.refresh_from_db()
    assert task.attachments_count == 2


def test_a_picture_wants_a_thumbnail(cast: Cast, task: Task, store: Path, staged: Stage) -> None:
    assert add_attachment(actor_of(cast.editor), task.pk, staged(picture()), "x.txt").wants_thumbnail


def test_records_its_event(cast: Cast, task: Task, store: Path, staged: Stage) -> None:
    attachment = add_attachment(actor_of(cast.editor), task.pk, staged(b"Hello"), "notes.txt")
    event = last_event(task)
    assert (event.verb, event.actor, event.project) == ("attachment.added", cast.editor, cast.project)
    assert event.data == {"attachment": attachment.pk}
    sha256 = hashlib.sha256(b"Hello").hexdigest()
    new = {"name": "notes.txt", "size": 5, "content_type": "text/plain", "sha256": sha256}
    assert event.changes == {field: [None, value] for field, value in new.items()}


def test_an_assignee_may_whatever_the_role(cast: Cast, store: Path, staged: Stage) -> None:
    task = make_task(cast.owner, cast.project, assignees=[cast.viewer.pk])
    add_attachment(actor_of(cast.viewer), task.pk, staged(b"Hello"), "notes.txt")
    assert verbs_of(task)[-1] == "attachment.added"


def test_anybody_may_in_an_open_project(cast: Cast, task: Task, store: Path, staged: Stage) -> None:
    edit_project(actor_of(cast.owner), cast.project.pk, {"visibility": "open"})
    add_attachment(actor_of(make_user()), task.pk, staged(b"Hello"), "notes.txt")
    with nothing_changes(), pytest.raises(Denied):
        add_attachment(actor_of(cast.viewer), task.pk, staged(b"Hello"), "notes.txt")


@pytest.mark.parametrize("who,refusal", [("viewer", Denied), ("outsider", NotFound)])
def test_refused(cast: Cast, task: Task, store: Path, staged: Stage, who: str, refusal: type[Exception]) -> None:
    somebody: User = getattr(cast, who)
    staging = staged(b"Hello")
    with nothing_changes(), pytest.raises(refusal):
        add_attachment(actor_of(somebody), task.pk, staging, "notes.txt")
    staging.discard()
    assert files_in(store) == set()


def test_a_task_in_the_trash_takes_none(cast: Cast, task: Task, store: Path, staged: Stage) -> None:
    trash_task(actor_of(cast.owner), task.pk)
    with nothing_changes(), pytest.raises(NotFound):
        add_attachment(actor_of(cast.owner), task.pk, staged(b"Hello"), "notes.txt")


def test_rights_lost_during_the_upload_leave_nothing(
    cast: Cast, task: Task, store: Path, staged: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = storage.keep

    def keep_and_lose(staging: Staging, name: str) -> str:
        kept = keep(staging, name)
        trash_task(actor_of(cast.owner), task.pk)
        return kept

    monkeypatch.setattr(storage, "keep", keep_and_lose)
    with pytest.raises(NotFound):
        add_attachment(actor_of(cast.editor), task.pk, staged(b"Hello"), "notes.txt")
    assert Attachment.objects.count() == 0
    assert files_in(store) == set()


def test_a_full_disk_changes_nothing(
    cast: Cast, task: Task, store: Path, staged: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(storage, "keep", full)
    with nothing_changes(), pytest.raises(OSError, match="No space"):
        add_attachment(actor_of(cast.editor), task.pk, staged(b"Hello"), "notes.txt")
