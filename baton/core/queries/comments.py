"""Asking for comments."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from baton.core.actor import Actor
from baton.core.errors import NotFound
from baton.core.models import Comment
from baton.core.policies.visibility import tasks_seen_by, viewer_values, visible_comments, visible_tasks
from baton.core.queries import shapes
from baton.core.queries.keyset import Key, Page, PageShape, apply
from baton.core.queries.listing import Slice, run_page
from baton.core.queries.shapes import person_columns
from baton.lib.compiled import COUNTED, LIMITED, Compiled
from baton.lib.statements import Param, Row

COLUMNS = ("id", "task_id", "text", "created_at", "edited_at", *person_columns("author__"))
ORDER = {
    "created_at": (Key("created_at"), Key("id")),
    "-created_at": (Key("created_at", descending=True), Key("id", descending=True)),
}


def get_comment(actor: Actor, comment_id: int) -> tuple[shapes.Comment, int]:
    """Return a comment and its version. Raises NotFound where the actor doesn't see its task."""
    row = visible_comments(actor).filter(pk=comment_id).values_list(*COLUMNS, "version").first()
    if row is None:
        raise NotFound
    return _comment(row), row[-1]


def list_comments(actor: Actor, task_id: int, ordering: str, page: Page) -> Slice[shapes.Comment]:
    """Return a page of a task's comments, the oldest first for `created_at`. Raises NotFound."""
    order = ORDER[ordering]
    values = {"task": task_id, **viewer_values(actor)}
    found = run_page(_LIST, PageShape.of(order, page), values, page, len(order))
    if not found.items:
        _require_task(actor, task_id)
    return found.map(lambda rows: [_comment(row) for row in rows])


def count_comments(actor: Actor, task_id: int) -> int:
    """Return how many comments a task has that the actor sees."""
    count: int = _COUNT.rows((), {"task": task_id, **viewer_values(actor)})[0][0]
    return count


def _require_task(actor: Actor, task_id: int) -> None:
    if not visible_tasks(actor).filter(pk=task_id).exists():
        raise NotFound


def _comment(row: Row) -> shapes.Comment:
    return shapes.Comment(row[0], row[1], shapes.Person(*row[5:9]), row[2], row[3], row[4])


def _seen() -> QuerySet[Comment]:
    return Comment.objects.filter(task=Param("task"), task__in=tasks_seen_by(Param("viewer")))


def _list(shape: PageShape) -> QuerySet[Comment, tuple[Any, ...]]:
    fields = [Comment._meta.get_field(key.column) for key in shape.order]
    return apply(_seen(), shape, fields).values_list(*COLUMNS, *(key.column for key in shape.order))


def _count(_: tuple[()]) -> QuerySet[Comment, tuple[int]]:
    return _seen().values_list("pk")


_LIST = Compiled(_list, LIMITED)
_COUNT = Compiled(_count, COUNTED)
