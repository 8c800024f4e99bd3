"""Putting a file into the trash, and taking it out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from baton.adapters.staging import Staging
from baton.core.commands.attachments import add_attachment, remove_attachment, restore_attachment
from baton.core.errors import Conflict, Denied, NotFound, Stale
from baton.core.models import Attachment, User
from tests.cast import Cast
from tests.factories import actor_of, make_task
from tests.stores import files_in
from tests.traces import last_event, nothing_changes


@pytest.fixture
def attachment(cast: Cast, store: Path, staged: Callable[..., Staging]) -> Attachment:
    """Return a file of the editor's."""
    return add_attachment(actor_of(cast.editor), make_task(cast.owner, cast.project).pk, staged(), "notes.txt")


def test_works(cast: Cast, attachment: Attachment, store: Path) -> None:
    remove_attachment(actor_of(cast.editor), attachment.pk)
    attachment.refresh_from_db()
    assert attachment.trashed_at is not None
    attachment.task.refresh_from_db()
    assert attachment.task.attachments_count == 0
    assert files_in(store) == {attachment.path}


def test_records_its_event(cast: Cast, attachment: Attachment) -> None:
    remove_attachment(actor_of(cast.editor), attachment.pk)
    event = last_event(attachment.task)
    assert (event.verb, event.actor, event.data) == ("attachment.removed", cast.editor, {"attachment": attachment.pk})
    assert event.changes["name"] == ["notes.txt", None]


def test_twice_is_not_found(cast: Cast, attachment: Attachment) -> None:
    remove_attachment(actor_of(cast.editor), attachment.pk)
    with nothing_changes(), pytest.raises(NotFound):
        remove_attachment(actor_of(cast.editor), attachment.pk)


@pytest.mark.parametrize(
    "who,refusal", [("owner", None), ("editor", None), ("viewer", Denied), ("newcomer", Denied), ("outsider", NotFound)]
)
def test_who_may(cast: Cast, attachment: Attachment, who: str, refusal: type[Exception] | None) -> None:
    somebody: User = getattr(cast, who)
    if refusal is None:
        remove_attachment(actor_of(somebody), attachment.pk)
        restore_attachment(actor_of(somebody), attachment.pk)
        return
    with nothing_changes(), pytest.raises(refusal):
        remove_attachment(actor_of(somebody), attachment.pk)
    remove_attachment(actor_of(cast.owner), attachment.pk)
    with nothing_changes(), pytest.raises(refusal):
        restore_attachment(actor_of(somebody), attachment.pk)


def test_a_stale_version_changes_nothing(cast: Cast, attachment: Attachment) -> None:
    with nothing_changes(), pytest.raises(Stale):
        remove_attachment(actor_of(cast.editor), attachment.pk, expected_version=2)
    remove_attachment(actor_of(cast.editor), attachment.pk, expected_version=1)


def test_comes_back(cast: Cast, attachment: Attachment) -> None:
    added = last_event(attachment.task)
    remove_attachment(actor_of(cast.editor), attachment.pk)
    restore_attachment(actor_of(cast.editor), attachment.pk)
    attachment.refresh_from_db()
    attachment.task.refresh_from_db()
    assert (attachment.trashed_at, attachment.task.attachments_count) == (None, 1)
    event = last_event(attachment.task)
    assert (event.verb, event.changes, event.data) == ("attachment.restored", added.changes, added.data)
    with nothing_changes(), pytest.raises(Conflict):
        restore_attachment(actor_of(cast.editor), attachment.pk)
    with nothing_changes(), pytest.raises(NotFound):
        restore_attachment(actor_of(cast.editor), attachment.pk + 1000)
