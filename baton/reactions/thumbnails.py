"""Thumbnails of attached pictures.

The wish for one stands in the attachment's row and goes with the attempt, so that none is lost in a crash. Not in the
transaction of a cursor, as other reactions are: decoding takes long, and on SQLite nobody else could write meanwhile.
"""

from __future__ import annotations

import structlog

from baton.adapters import pictures, storage
from baton.adapters.staging import Staging
from baton.core.models import Attachment

# Some decoders want all of a file in memory.
LARGEST = 32 * 2**20
_AT_ONCE = 20

log = structlog.get_logger(__name__)


def make_thumbnails() -> int:
    """Make the thumbnails that are wanted, the newest picture's first; return how many were tried."""
    wanted = Attachment.objects.filter(wants_thumbnail=True).order_by("-id")
    tried = 0
    while batch := list(wanted[:_AT_ONCE]):
        for attachment in batch:
            _make(attachment)
        tried += len(batch)
    return tried


def _make(attachment: Attachment) -> None:
    name = _picture(attachment) if attachment.trashed_at is None and attachment.size <= LARGEST else ""
    Attachment.objects.filter(pk=attachment.pk).update(thumbnail_path=name, wants_thumbnail=False)


def _picture(attachment: Attachment) -> str:
    """Return the name of the thumbnail in the store, empty where none can be made."""
    try:
        with storage.local_copy(attachment.path) as file:
            small = pictures.make_thumbnail(file)
    except (pictures.BadPicture, storage.Missing) as error:
        log.info("thumbnail.none", attachment=attachment.pk, reason=str(error))
        return ""
    staging = Staging.of(small)
    try:
        return storage.keep(staging, storage.thumbnail_name(attachment.path))
    finally:
        staging.discard()
