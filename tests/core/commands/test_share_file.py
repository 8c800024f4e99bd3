"""share_file and remove_shared_file: works · twice · denied · event recorded."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from time_machine import travel

from baton.adapters import storage
from baton.adapters.staging import Staging
from baton.core.actor import SYSTEM
from baton.core.commands.file_upkeep import sweep_files
from baton.core.commands.shared_files import remove_shared_file, share_file
from baton.core.errors import Denied, NotFound
from baton.core.models import Event, SharedFile, User
from baton.core.queries.shared_files import get_shared_file
from tests.cast import Cast
from tests.factories import actor_of
from tests.threads import run_together
from tests.traces import nothing_changes

Callbacks = Callable[..., AbstractContextManager[Any]]


def share(user: User, name: str = "my notes.txt", content: bytes = b"hello") -> SharedFile:
    staging = Staging.of(content)
    try:
        return share_file(actor_of(user), staging, name)
    finally:
        staging.discard()


def test_a_file_is_there_for_everybody_by_its_name(cast: Cast) -> None:
    shared = share(cast.editor)

    found = get_shared_file(actor_of(cast.outsider), "my_notes.txt")
    assert found == shared
    assert (found.size, found.content_type, found.uploaded_by) == (5, "text/plain", cast.editor)
    with storage.local_copy(found.path) as file:
        assert file.read() == b"hello"
    event = Event.objects.get(verb="file.shared")
    assert (event.actor_id, event.user_id) == (cast.editor.pk, cast.editor.pk)
    assert event.data == {"file": shared.pk, "name": "my_notes.txt", "size": 5, "sha256": shared.sha256}


def test_a_taken_name_is_lengthened_within_its_column(cast: Cast) -> None:
    name = "x" * 300 + ".txt"
    first, second = share(cast.editor, name), share(cast.editor, name)

    assert first.name != second.name
    assert second.name.endswith(".txt")
    assert len(second.name) == 255
    assert share(cast.editor, "plain").name == "plain"
    assert share(cast.editor, "plain").name.startswith("plain_")


@pytest.mark.parametrize("name", ["../../etc/passwd", "..", "a/b\\c.txt", "\x00", "", "\u202egpj.exe"])
def test_no_name_leads_anywhere(cast: Cast, name: str) -> None:
    shared = share(cast.editor, name)

    assert shared.name
    assert not set(shared.name) & set("/\\\x00\u202e")
    assert shared.name not in (".", "..")


def test_a_token_for_one_project_shares_and_sees_nothing(cast: Cast) -> None:
    share(cast.editor)
    actor = replace(actor_of(cast.editor), token_id=1, project_id=cast.project.pk)
    with pytest.raises(NotFound):
        get_shared_file(actor, "my_notes.txt")
    staging = Staging.of(b"hello")
    with nothing_changes(), pytest.raises(Denied):
        share_file(actor, staging, "x")
    staging.discard()


def test_the_sweeper_leaves_it(cast: Cast) -> None:
    shared = share(cast.editor)
    with travel(timezone.now() + timedelta(days=1)):
        sweep_files()
    assert storage.size_of(shared.path) == 5


def test_who_uploaded_it_deletes_it(cast: Cast, django_capture_on_commit_callbacks: Callbacks) -> None:
    shared = share(cast.editor)
    with django_capture_on_commit_callbacks(execute=True):
        remove_shared_file(actor_of(cast.editor), shared.pk)

    with pytest.raises(NotFound):
        get_shared_file(actor_of(cast.editor), "my_notes.txt")
    with pytest.raises(storage.Missing):
        storage.size_of(shared.path)
    event = Event.objects.get(verb="file.removed")
    assert (event.actor_id, event.user_id) == (cast.editor.pk, cast.editor.pk)
    assert event.data == {"file": shared.pk, "name": "my_notes.txt"}
    with nothing_changes(), pytest.raises(NotFound):
        remove_shared_file(actor_of(cast.editor), shared.pk)
    assert share(cast.outsider).name == "my_notes.txt"


def test_staff_and_the_system_delete_anybodys(cast: Cast) -> None:
    User.objects.filter(pk=cast.newcomer.pk).update(is_staff=True)
    for actor in (actor_of(cast.newcomer), SYSTEM):
        remove_shared_file(actor, share(cast.editor).pk)
    assert not SharedFile.objects.exists()


def test_others_do_not_and_nobodys_file_is_not_everybodys(cast: Cast) -> None:
    shared = share(cast.editor)
    with nothing_changes(), pytest.raises(Denied):
        remove_shared_file(actor_of(cast.owner), shared.pk)
    with nothing_changes(), pytest.raises(NotFound):
        remove_shared_file(replace(actor_of(cast.editor), token_id=1, project_id=cast.project.pk), shared.pk)
    SharedFile.objects.filter(pk=shared.pk).update(uploaded_by=None)
    with nothing_changes(), pytest.raises(Denied):
        remove_shared_file(actor_of(cast.editor), shared.pk)


def test_nothing_is_gone_where_the_change_is_not_kept(cast: Cast) -> None:
    shared = share(cast.editor)
    with transaction.atomic():
        remove_shared_file(actor_of(cast.editor), shared.pk)
        transaction.set_rollback(True)
    assert SharedFile.objects.get() == shared
    assert storage.size_of(shared.path) == 5


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_names_of_their_own(cast: Cast) -> None:
    names = run_together(*[lambda: share(cast.editor).name] * 6)
    assert len(set(names)) == 6
