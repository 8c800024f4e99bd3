"""What a list of tasks can be narrowed by and ordered by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple, TypedDict

from django.db.models import DateTimeField, Exists, OuterRef, Q

from baton.core.models import Assignment, Delegation, Status, TaskLabel
from baton.core.models.delegation import OPEN_STATES
from baton.core.queries.keyset import Key
from baton.core.queries.search_expressions import find_anywhere
from baton.core.queries.search_lookups import fits, is_frequent
from baton.core.queries.search_words import Words
from baton.lib.statements import Param
from baton.lib.text import fold

_MOMENT: DateTimeField[Any, Any] = DateTimeField()


class TaskKey(NamedTuple):
    """What people call a task, such as OPS-7."""

    project: str
    number: int


class TaskFilters(TypedDict, total=False):
    """The filters of a list of tasks; each absent one lets everything through. All that are set must hold.

    `status` and `priority` take one value or several, any of which will do.
    """

    key: TaskKey
    project: int
    status: str | Sequence[str]
    priority: int | Sequence[int]
    assigned_to: int | None
    created_by: int
    waiting_for: int
    delegated: bool
    label: str
    parent: int | None
    due_before: datetime
    due_after: datetime
    overdue: bool
    updated_after: datetime
    search: Words | None
    now: datetime


Name = tuple[str, Literal["", "none", "frequent"]]
"""A filter as part of a query's shape; "none" where it asks for tasks without a value, "frequent" where many fit it."""

ORDERS: Mapping[str, Key] = {
    "created_at": Key("created_at"),
    "updated_at": Key("updated_at"),
    "due_date": Key("due_at", nullable=True),
    "priority": Key("priority"),
    "rank": Key("rank"),
    "title": Key("title"),
}

NARROW = ("key", "project", "assigned_to", "created_by", "waiting_for", "label", "parent")
"""Filters that leave the tasks of one project, or so few that an index of their own finds them."""

# What somebody has to do is asked as `IN`: SQLite then starts from their few tasks; with `EXISTS` it would look at
# every task in the order of the list.
_CONDITIONS: Mapping[Name, Callable[[], Q]] = {
    ("key", ""): lambda: Q(project__key=Param("project_key"), number=Param("task_number")),
    ("project", ""): lambda: Q(project=Param("project")),
    ("status", ""): lambda: Q(status__any_of=Param("status")),
    ("priority", ""): lambda: Q(priority__any_of=Param("priority")),
    ("assigned_to", ""): lambda: Q(pk__in=Assignment.objects.filter(user=Param("assigned_to")).values("task")),
    ("assigned_to", "none"): lambda: Q(lead=None),
    ("created_by", ""): lambda: Q(created_by=Param("created_by")),
    ("waiting_for", ""): lambda: (
        ~Q(status=Status.DONE)
        & Q(pk__in=Delegation.objects.filter(giver=Param("waiting_for"), state__in=OPEN_STATES).values("task"))
    ),
    ("delegated", ""): lambda: Q(delegated=Param("delegated")),
    ("label", ""): lambda: Q(Exists(TaskLabel.objects.filter(task=OuterRef("pk"), label__name_folded=Param("label")))),
    ("parent", ""): lambda: Q(parent=Param("parent")),
    ("parent", "none"): lambda: Q(parent=None),
    ("due_before", ""): lambda: Q(due_at__lt=Param("due_before", _MOMENT)),
    ("due_after", ""): lambda: Q(due_at__gt=Param("due_after", _MOMENT)),
    ("overdue", ""): lambda: Q(due_at__lt=Param("now", _MOMENT)) & ~Q(status=Status.DONE),
    ("overdue", "none"): lambda: Q(due_at=None) | Q(due_at__gte=Param("now", _MOMENT)) | Q(status=Status.DONE),
    ("updated_after", ""): lambda: Q(updated_at__gt=Param("updated_after", _MOMENT)),
    ("search", ""): lambda: fits("search"),
    ("search", "frequent"): lambda: fits("search", is_frequent=True),
    ("search", "none"): Q,
}


def names_of(filters: TaskFilters) -> tuple[Name, ...]:
    """Return the filters' part of a query's shape, in one order whatever order they were sent in.

    For a search this asks its index how frequent the words are.
    """
    return tuple(sorted(_name(name, value) for name, value in filters.items() if name != "now"))


def condition(names: tuple[Name, ...]) -> Q:
    """Return what a task must fulfil; the values are parameters."""
    found = Q()
    for name in names:
        found &= _CONDITIONS[name]()
    return found


def values_of(filters: TaskFilters) -> dict[str, Any]:
    """Return the parameters of `condition`."""
    values: dict[str, Any] = dict(filters)
    if "key" in values:
        values["project_key"], values["task_number"] = values.pop("key")
    if "label" in values:
        values["label"] = fold(values["label"])
    if values.get("search"):
        values["search"] = find_anywhere(values["search"])
    for name in ("status", "priority"):
        if name in values:
            value = values[name]
            values[name] = [value] if isinstance(value, (str, int)) else list(value)
    return values


def _name(name: str, value: object) -> Name:
    absent = value is None or (name == "overdue" and value is False)
    if absent:
        return (name, "none")
    return (name, "frequent" if isinstance(value, Words) and is_frequent(find_anywhere(value)) else "")
