"""What nobody names goes, what somebody names stays."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from baton.adapters import storage
from baton.adapters.staging import Staging
from baton.core.commands.attachments import add_attachment, remove_attachment
from baton.core.commands.avatars import change_profile_and_avatar
from baton.core.commands.file_upkeep import Swept, purge_attachments, sweep_files
from baton.core.models import Attachment, Task
from baton.reactions.thumbnails import make_thumbnails
from tests.cast import Cast
from tests.factories import actor_of, make_task
from tests.stores import files_in, picture
from tests.traces import last_event, nothing_changes

Stage = Callable[[bytes], Staging]


@pytest.fixture
def task(cast: Cast) -> Task:
    return make_task(cast.owner, cast.project)


@pytest.fixture
def attachment(cast: Cast, task: Task, store: Path, staged: Stage) -> Attachment:
    return add_attachment(actor_of(cast.editor), task.pk, staged(picture()), "picture.png")


def age(folder: Path, hours: float = 2) -> None:
    for path in folder.rglob("*"):
        os.utime(path, (time.time() - hours * 3600,) * 2)


def test_sweeps_what_no_row_names(cast: Cast, attachment: Attachment, store: Path, staged: Stage) -> None:
    make_thumbnails()
    change_profile_and_avatar(actor_of(cast.editor), {}, BytesIO(picture()))
    named = files_in(store)
    assert len(named) == 3
    orphan = storage.keep(staged(b"x"), storage.file_name())
    storage.keep(staged(b"x"), storage.thumbnail_name(orphan))
    storage.keep(staged(b"x"), storage.avatar_name())
    staged(b"killed in the middle")
    age(store)
    fresh, uploading = storage.keep(staged(b"x"), storage.file_name()), staged(b"still coming")

    with nothing_changes():
        assert sweep_files() == Swept(unfinished=1, nameless=3)
    assert files_in(store) == {*named, fresh, f"staging/{uploading.path.name}"}
    assert sweep_files() == Swept(0, 0)


def test_a_file_in_the_trash_is_no_orphan(cast: Cast, attachment: Attachment, store: Path) -> None:
    remove_attachment(actor_of(cast.editor), attachment.pk)
    age(store)
    assert sweep_files() == Swept(0, 0)
    assert files_in(store) == {attachment.path}


def test_purges_after_thirty_days(cast: Cast, task: Task, attachment: Attachment, store: Path, staged: Stage) -> None:
    make_thumbnails()
    young = add_attachment(actor_of(cast.editor), task.pk, staged(b"x"), "young.txt")
    for removed in (attachment, young):
        remove_attachment(actor_of(cast.editor), removed.pk)
    month = timedelta(days=30, minutes=1)
    Attachment.objects.filter(pk=attachment.pk).update(trashed_at=timezone.now() - month)

    assert purge_attachments() == 1
    assert list(Attachment.objects.all()) == [young]
    assert files_in(store) == {young.path}
    event = last_event(task)
    assert (event.verb, event.actor, event.data) == ("attachment.purged", None, {"attachment": attachment.pk})
    assert purge_attachments() == 0


def test_the_command_says_what_went(cast: Cast, attachment: Attachment, store: Path, staged: Stage) -> None:
    storage.keep(staged(b"x"), storage.file_name())
    age(store)
    said = StringIO()
    call_command("sweep_files", stdout=said)
    assert said.getvalue() == "0 unfinished, 1 nameless and 0 trashed files removed.\n"


def test_a_flipped_bit_and_a_missing_file_are_found(
    cast: Cast, task: Task, attachment: Attachment, store: Path, staged: Stage
) -> None:
    said = StringIO()
    call_command("check_files", stdout=said)
    assert said.getvalue() == "All files are as they were uploaded.\n"

    gone = add_attachment(actor_of(cast.editor), task.pk, staged(b"x"), "gone.txt")
    storage.remove(gone.path)
    with (store / attachment.path).open("r+b") as file:
        file.write(b"\x88")
    said = StringIO()
    with pytest.raises(CommandError, match="2 faulty files"):
        call_command("check_files", stdout=said)
    assert said.getvalue() == (
        f"attachment {attachment.pk}: the content has changed\nattachment {gone.pk}: the file is missing\n"
    )
