"""Asking for tasks: the hot reads, compiled once (ADR 0002)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.errors import NotFound
from baton.core.models import Task
from baton.core.policies.visibility import (
    tasks_of_all_seen_by,
    tasks_seen_by,
    viewer_values,
    visible_projects,
    visible_tasks,
)
from baton.core.queries import shapes
from baton.core.queries.credentials import if_live, live_values, require_live
from baton.core.queries.keyset import Key, Order, Page, PageShape, apply
from baton.core.queries.listing import Slice, run_page
from baton.core.queries.search_spelling import correct
from baton.core.queries.task_filters import NARROW, ORDERS, Name, TaskFilters, condition, names_of, values_of
from baton.core.queries.task_rows import COLUMNS, tasks_of, whole_rows, whole_task_of
from baton.lib.compiled import COUNTED, LIMITED, Compiled
from baton.lib.statements import Param, Row


def get_task(actor: Actor, task_id: int) -> shapes.Task:
    """Return a task. Raises NotFound where the actor doesn't see it, DeadCredential where nobody is there to see."""
    rows = _ONE.rows(actor.is_live, {"task": task_id, **viewer_values(actor), **live_values(actor)})
    if not rows:
        require_live(actor)
        raise NotFound
    return whole_task_of(rows[0])


def get_tasks(actor: Actor, task_ids: Collection[int]) -> dict[int, shapes.Task]:
    """Return those of these tasks that the actor sees, by their ids. Raises DeadCredential."""
    if not task_ids:
        return {}
    values = {"tasks": list(task_ids), **viewer_values(actor), **live_values(actor)}
    rows = _SOME.rows(actor.is_live, values)
    if not rows:
        require_live(actor)
    return {task.id: task for task in tasks_of(rows)}


def list_tasks(actor: Actor, filters: TaskFilters, ordering: str, page: Page) -> Slice[shapes.Task]:
    """Return a page of the tasks the actor sees. `ordering` is a name of `ORDERS`, with `-` from high to low.

    Raises DeadCredential, and NotFound for a project or parent among the filters that the actor doesn't see.
    """
    found = _list_rows(actor, filters, ordering, page)
    if not found.items:
        require_live(actor)
        _require_named(actor, filters)
        if corrected := _correct_search(actor, filters):
            found = _list_rows(actor, corrected, ordering, page)
    return found.map(tasks_of)


def count_tasks(actor: Actor, filters: TaskFilters) -> int:
    """Return how many tasks there are that the actor sees. Raises DeadCredential."""
    count = _count_rows(actor, filters)
    if not count:
        require_live(actor)
        if corrected := _correct_search(actor, filters):
            count = _count_rows(actor, corrected)
    return count


def order_of(ordering: str) -> Order:
    """Return the sort keys of an ordering's name; the id in the same direction makes them unique."""
    key = ORDERS[ordering.removeprefix("-")]
    descending = ordering.startswith("-")
    return (Key(key.column, descending, key.nullable), Key("id", descending))


def _require_named(actor: Actor, filters: TaskFilters) -> None:
    """Raise NotFound where a list is empty because what it was asked for can't be seen."""
    project, parent = filters.get("project"), filters.get("parent")
    if project is not None and not visible_projects(actor).filter(pk=project).exists():
        raise NotFound(f"There is no project {project}, or you may not see it.")
    if parent is not None and not visible_tasks(actor).filter(pk=parent).exists():
        raise NotFound(f"There is no task {parent}, or you may not see it.")


def _list_rows(actor: Actor, filters: TaskFilters, ordering: str, page: Page) -> Slice[Row]:
    order = order_of(ordering)
    shape = _ListShape(actor.is_live, names_of(filters), PageShape.of(order, page))
    return run_page(_LIST, shape, _values(actor, filters), page, len(order))


def _count_rows(actor: Actor, filters: TaskFilters) -> int:
    count: int = _COUNT.rows((actor.is_live, names_of(filters)), _values(actor, filters))[0][0]
    return count


def _correct_search(actor: Actor, filters: TaskFilters) -> TaskFilters | None:
    """Return the filters with the misspelt words of a search corrected, None where there are none."""
    words = filters.get("search")
    corrected = correct(actor, words) if words else None
    return {**filters, "search": corrected} if corrected else None


class _ListShape(NamedTuple):
    is_live: bool
    filters: tuple[Name, ...]
    page: PageShape


def _values(actor: Actor, filters: TaskFilters) -> dict[str, Any]:
    return {**values_of(filters), "now": timezone.now(), **viewer_values(actor), **live_values(actor)}


def _one(is_live: bool) -> QuerySet[Task, tuple[Any, ...]]:  # noqa: FBT001 - the shape of a compiled query
    seen = tasks_seen_by(Param("viewer")).filter(if_live(is_live=is_live), pk=Param("task"))
    return whole_rows(seen)


def _some(is_live: bool) -> QuerySet[Task, tuple[Any, ...]]:  # noqa: FBT001 - the shape of a compiled query
    seen = tasks_seen_by(Param("viewer")).filter(if_live(is_live=is_live), id__any_of=Param("tasks"))
    return seen.values_list(*COLUMNS)


def _list(shape: _ListShape) -> QuerySet[Task, tuple[Any, ...]]:
    seen = _seen(shape.filters).filter(if_live(is_live=shape.is_live), condition(shape.filters))
    order = shape.page.order
    fields = [Task._meta.get_field(key.column) for key in order]
    return apply(seen, shape.page, fields).values_list(*COLUMNS, *(key.column for key in order))


def _count(shape: tuple[bool, tuple[Name, ...]]) -> QuerySet[Task, tuple[int]]:
    is_live, names = shape
    seen = _seen(names).filter(if_live(is_live=is_live), condition(names))
    return seen.values_list("pk")


def _seen(names: tuple[Name, ...]) -> QuerySet[Task]:
    is_narrow = any((name, "") in names for name in NARROW)
    return (tasks_seen_by if is_narrow else tasks_of_all_seen_by)(Param("viewer"))


_ONE = Compiled(_one)
_SOME = Compiled(_some)
_LIST = Compiled(_list, LIMITED)
_COUNT = Compiled(_count, COUNTED)
