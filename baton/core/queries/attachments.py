"""Asking for files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from baton.adapters import storage
from baton.core.actor import Actor
from baton.core.errors import NotFound
from baton.core.models import Attachment
from baton.core.policies.visibility import tasks_seen_by, viewer_values, visible_attachments, visible_tasks
from baton.core.queries import shapes
from baton.core.queries.keyset import Key, Page, PageShape, apply
from baton.core.queries.listing import Slice, run_page
from baton.core.queries.shapes import attachment_url, person_columns
from baton.lib.compiled import COUNTED, LIMITED, Compiled
from baton.lib.statements import Param, Row

COLUMNS = (
    "id",
    "task_id",
    "name",
    "size",
    "content_type",
    "sha256",
    "uploaded_at",
    *person_columns("uploaded_by__"),
)
ORDER = {
    "uploaded_at": (Key("uploaded_at"), Key("id")),
    "-uploaded_at": (Key("uploaded_at", descending=True), Key("id", descending=True)),
}


@dataclass(frozen=True, slots=True)
class Content:
    """Where a file's bytes are, and what is said of them."""

    path: str
    name: str
    size: int
    content_type: str
    sha256: str
    thumbnail_path: str


def get_attachment(actor: Actor, attachment_id: int) -> shapes.Attachment:
    """Return a file's particulars. Raises NotFound where the actor doesn't see its task."""
    row = visible_attachments(actor).filter(pk=attachment_id).values_list(*COLUMNS).first()
    if row is None:
        raise NotFound
    return _attachment(row)


def get_content(actor: Actor, attachment_id: int) -> Content:
    """Return where a file's bytes are. Raises NotFound."""
    row = visible_attachments(actor).filter(pk=attachment_id).values_list(*Content.__annotations__).first()
    if row is None:
        raise NotFound
    return Content(*row)


def list_attachments(actor: Actor, task_id: int, ordering: str, page: Page) -> Slice[shapes.Attachment]:
    """Return a page of a task's files, the first attached first for `uploaded_at`. Raises NotFound."""
    order = ORDER[ordering]
    values = {"task": task_id, **viewer_values(actor)}
    found = run_page(_LIST, PageShape.of(order, page), values, page, len(order))
    if not found.items and not visible_tasks(actor).filter(pk=task_id).exists():
        raise NotFound
    return found.map(lambda rows: [_attachment(row) for row in rows])


def count_attachments(actor: Actor, task_id: int) -> int:
    """Return how many files a task has that the actor sees."""
    count: int = _COUNT.rows((), {"task": task_id, **viewer_values(actor)})[0][0]
    return count


def faulty_files() -> Iterator[tuple[int, str]]:
    """Yield the id of each attachment whose content is not what was uploaded, with what is wrong; reads every file."""
    for attachment_id, path, sha256 in Attachment.objects.values_list("pk", "path", "sha256").iterator():
        try:
            if storage.checksum(path) != sha256:
                yield attachment_id, "the content has changed"
        except storage.Missing:
            yield attachment_id, "the file is missing"


def _attachment(row: Row) -> shapes.Attachment:
    url = attachment_url(row[0])
    return shapes.Attachment(row[0], row[1], row[2], row[3], row[4], row[5], url, shapes.Person(*row[7:11]), row[6])


def _seen() -> QuerySet[Attachment]:
    return Attachment.objects.filter(task=Param("task"), task__in=tasks_seen_by(Param("viewer")), trashed_at=None)


def _list(shape: PageShape) -> QuerySet[Attachment, tuple[Any, ...]]:
    fields = [Attachment._meta.get_field(key.column) for key in shape.order]
    return apply(_seen(), shape, fields).values_list(*COLUMNS, *(key.column for key in shape.order))


def _count(_: tuple[()]) -> QuerySet[Attachment, tuple[int]]:
    return _seen().values_list("pk")


_LIST = Compiled(_list, LIMITED)
_COUNT = Compiled(_count, COUNTED)
