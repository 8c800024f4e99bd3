"""Tasks and comments with the people in full, addresses too: for a surface whose contract shows them to everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from django.db.models import F, Q, QuerySet

from baton.core.actor import Actor
from baton.core.errors import NotFound
from baton.core.models import Assignment, Comment, Task
from baton.core.policies.visibility import tasks_seen_by, viewer_values
from baton.core.queries.brief_tasks import Place, lies_in
from baton.core.queries.credentials import require_live
from baton.lib.compiled import COUNTED, NUMBERED, Compiled
from baton.lib.statements import Param, Row

KnownBy = Literal["inbox", "key", "uuid"]
PERSON = ("id", "username", "email", "name", "first_name", "last_name")
COLUMNS = ("id", "title", "description", "due_at", "status", "delegated", "comments_count", "assignees_count")


class Contact(NamedTuple):
    """Somebody, and where to reach them."""

    id: int
    username: str
    email: str | None
    name: str
    first_name: str
    last_name: str


@dataclass(slots=True)
class ContactTask:
    """A task, who made it and who works on it, the lead first."""

    id: int
    title: str
    description: str
    due_at: datetime | None
    status: str
    delegated: bool
    comments_count: int
    creator: Contact
    assignees: list[Contact]

    @property
    def lead(self) -> Contact | None:
        """The first of the assignees."""
        return self.assignees[0] if self.assignees else None


class ContactComment(NamedTuple):
    """What somebody said, and when."""

    text: str
    author: Contact
    created_at: datetime


class Wanted(NamedTuple):
    """Which tasks of a place: all, or those the actor made or works on; `words` stand in the title or lead's name."""

    related: bool = False
    words: tuple[str, ...] = ()


def get_contact_task(actor: Actor, place: Place, task_id: int) -> ContactTask:
    """Return a task of the place. Raises NotFound, DeadCredential."""
    require_live(actor)
    rows = _ONE.rows(place.known_by, {"task": task_id, **_values(actor, place)})
    if not rows:
        raise NotFound
    return _tasks_of(rows)[0]


def list_contact_tasks(
    actor: Actor, place: Place, wanted: Wanted, limit: int, offset: int
) -> tuple[int, list[ContactTask]]:
    """Return how many such tasks there are, and those on a page: without a due time first, then the latest due.

    Raises DeadCredential.
    """
    require_live(actor)
    shape = _Shape(place.known_by, wanted.related, len(wanted.words))
    words = {f"word_{index}": word for index, word in enumerate(wanted.words)}
    values = {**words, **_values(actor, place)}
    # One more than the page holds says whether it is the last; then nobody need count.
    rows = _LIST.rows(shape, {**values, "limit": limit + 1, "offset": offset})
    is_end = len(rows) <= limit and (rows or not offset)
    count: int = offset + len(rows) if is_end else _COUNT.rows(shape, values)[0][0]
    return count, _tasks_of(rows[:limit])


def list_contact_comments(actor: Actor, task: ContactTask) -> list[ContactComment]:
    """Return all comments on a task that the actor sees, the newest first."""
    if not task.comments_count:
        return []
    rows = _COMMENTS.rows((), {"task": task.id, **viewer_values(actor)})
    return [ContactComment(row[0], Contact(*row[2:8]), row[1]) for row in rows]


def find_titled(actor: Actor, place: Place, title: str) -> list[int]:
    """Return the ids of the tasks of the place that are called so."""
    rows = _TITLED.rows(place.known_by, {"title": title, **_values(actor, place)})
    return [task_id for (task_id,) in rows]


class _Shape(NamedTuple):
    known_by: KnownBy
    related: bool
    words: int


def _values(actor: Actor, place: Place) -> dict[str, Any]:
    return {"place": place.value, **viewer_values(actor)}


def _tasks_of(rows: Sequence[Row]) -> list[ContactTask]:
    tasks = [_task(row) for row in rows]
    shared = {row[0]: task for row, task in zip(rows, tasks, strict=True) if row[7] > 1}
    if shared:
        for task in shared.values():
            task.assignees = []
        for task_id, *cells in _ASSIGNEES.rows((), {"tasks": list(shared)}):
            shared[task_id].assignees.append(Contact(*cells))
    return tasks


def _task(row: Row) -> ContactTask:
    lead = [] if row[14] is None else [Contact(*row[14:20])]
    return ContactTask(row[0], row[1], row[2], row[3], row[4], row[5], row[6], Contact(*row[8:14]), lead)


def _seen(known_by: KnownBy) -> QuerySet[Task]:
    return tasks_seen_by(Param("viewer")).filter(lies_in(known_by))


def _columns(tasks: QuerySet[Task]) -> QuerySet[Task, tuple[Any, ...]]:
    return tasks.values_list(*COLUMNS, *_person("created_by__"), *_person("lead__"))


def _person(prefix: str) -> tuple[str, ...]:
    return tuple(prefix + column for column in PERSON)


def _one(known_by: KnownBy) -> QuerySet[Task, tuple[Any, ...]]:
    return _columns(_seen(known_by).filter(pk=Param("task")))


def _found(shape: _Shape) -> QuerySet[Task]:
    tasks = _seen(shape.known_by)
    if shape.related:
        # A union, so that each half is found by its own index.
        made = Task.objects.filter(created_by=Param("viewer")).values("pk")
        tasks = tasks.filter(pk__in=made.union(Assignment.objects.filter(user=Param("viewer")).values("task")))
    for index in range(shape.words):
        word = Param(f"word_{index}")
        tasks = tasks.filter(Q(title__holds=word) | Q(lead__username__holds=word))
    return tasks


def _list(shape: _Shape) -> QuerySet[Task, tuple[Any, ...]]:
    return _columns(_found(shape).order_by(F("due_at").desc(nulls_first=True), "-id"))


def _count(shape: _Shape) -> QuerySet[Task, tuple[int]]:
    return _found(shape).values_list("pk")


def _titled(known_by: KnownBy) -> QuerySet[Task, tuple[int]]:
    return _seen(known_by).filter(title=Param("title")).order_by("id").values_list("pk")


def _comments(_: tuple[()]) -> QuerySet[Comment, tuple[Any, ...]]:
    seen = Comment.objects.filter(task=Param("task"), task__in=tasks_seen_by(Param("viewer")))
    return seen.order_by("-created_at", "-id").values_list("text", "created_at", *_person("author__"))


def _assignees(_: tuple[()]) -> QuerySet[Assignment, tuple[Any, ...]]:
    rows = Assignment.objects.filter(task_id__any_of=Param("tasks")).order_by("task_id", "position")
    return rows.values_list("task_id", *_person("user__"))


_ONE = Compiled(_one)
_LIST = Compiled(_list, NUMBERED)
_COUNT = Compiled(_count, COUNTED)
_COMMENTS = Compiled(_comments)
_ASSIGNEES = Compiled(_assignees)
_TITLED = Compiled(_titled)
