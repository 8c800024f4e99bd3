"""Thumbnails are made once, where they can be."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from baton.adapters import storage
from baton.adapters.staging import Staging
from baton.core.commands.attachments import add_attachment, remove_attachment
from baton.core.models import Attachment
from baton.reactions.thumbnails import make_thumbnails
from tests.cast import Cast
from tests.factories import actor_of, make_task
from tests.stores import files_in, picture, pixel_bomb

Attach = Callable[[bytes], Attachment]


@pytest.fixture
def attach(cast: Cast, store: Path, staged: Callable[[bytes], Staging]) -> Attach:
    """Return a function that attaches a file."""
    task = make_task(cast.owner, cast.project)
    return lambda content: add_attachment(actor_of(cast.editor), task.pk, staged(content), "picture.png")


def test_a_picture_gets_a_smaller_one(attach: Attach) -> None:
    attachment = attach(picture("JPEG", (1200, 600)))
    assert make_thumbnails() == 1
    attachment.refresh_from_db()
    with closing(storage.open_kept(attachment.thumbnail_path)) as file:
        shown = Image.open(BytesIO(file.read()))
    assert (shown.format, shown.size) == ("WEBP", (400, 200))
    assert make_thumbnails() == 0


@pytest.mark.parametrize("make", [pixel_bomb, lambda: picture()[:100]], ids=["bomb", "cut off"])
def test_what_can_not_be_made_smaller_is_tried_once(attach: Attach, store: Path, make: Callable[[], bytes]) -> None:
    attachment = attach(make())
    assert attachment.wants_thumbnail
    assert make_thumbnails() == 1
    attachment.refresh_from_db()
    assert (attachment.thumbnail_path, attachment.wants_thumbnail) == ("", False)
    assert files_in(store) == {attachment.path}
    assert make_thumbnails() == 0


def test_nothing_is_made_of_what_is_gone(cast: Cast, attach: Attach, store: Path) -> None:
    lost, trashed = attach(picture()), attach(picture())
    storage.remove(lost.path)
    remove_attachment(actor_of(cast.editor), trashed.pk)
    assert make_thumbnails() == 2
    assert set(Attachment.objects.values_list("thumbnail_path", flat=True)) == {""}
    assert files_in(store) == {trashed.path}


def test_words_are_not_looked_at(attach: Attach) -> None:
    attach(b"words")
    assert make_thumbnails() == 0
