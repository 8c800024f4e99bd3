"""Where a task stands in the manual order of its project. The caller holds the project's lock.

Ranks are looked at with those of trashed tasks, which come back to their old place.
"""

from __future__ import annotations

from django.db.models import QuerySet

from baton.core.commands.access import forget_task
from baton.core.models import Project, Task
from baton.lib import rank

LONGEST = rank.MAX_LENGTH // 2
"""A rank that would be longer makes its neighbours move apart first."""
SHORT = LONGEST // 2
"""Ranks that have moved apart are no longer than this, so that the next time is far."""
NEIGHBOURS = 32
"""How many tasks on either side move apart at first; four times as many where that makes too little room."""


def rank_before(project: Project, task: Task, other: Task) -> str:
    """Return a rank for the task directly before another one."""
    previous = _others(project, task).filter(rank__lt=other.rank).order_by("-rank").values_list("rank", flat=True)
    return _rank_between(project, task, previous.first(), other.rank)


def rank_after(project: Project, task: Task, other: Task) -> str:
    """Return a rank for the task directly after another one."""
    following = _others(project, task).filter(rank__gt=other.rank).order_by("rank").values_list("rank", flat=True)
    return _rank_between(project, task, other.rank, following.first())


def _rank_between(project: Project, task: Task, low: str | None, high: str | None) -> str:
    found = rank.between(low, high)
    return found if len(found) <= LONGEST else _make_room(project, task, low, high)


def _make_room(project: Project, task: Task, low: str | None, high: str | None) -> str:
    """Have the tasks around the place move apart, as few as will do, and return the task's rank between them.

    Their order stays, so nobody sees it: neither versions nor the log tell of it.
    """
    size = NEIGHBOURS
    while True:
        left = _nearest(_others(project, task).filter(rank__lte=low or "").order_by("-rank"), size)
        right = _nearest(_others(project, task).filter(rank__gte=high).order_by("rank"), size) if high else []
        lower = left.pop()[1] if len(left) > size else None
        upper = right.pop()[1] if len(right) > size else rank.initial(project.last_number + 1)
        around = [*reversed(left), *right]
        ranks = rank.spread(lower, upper, len(around) + 1, taken=[old for _, old in around])
        if len(ranks[0]) <= SHORT or len(around) < size:
            own = ranks.pop(len(left))
            _write([(task_id, new) for (task_id, _), new in zip(around, ranks, strict=True)])
            return own
        size *= 4


def _nearest(tasks: QuerySet[Task], size: int) -> list[tuple[int, str]]:
    """Return the nearest tasks, and one more to bound them."""
    return list(tasks.values_list("pk", "rank")[: size + 1])


def _others(project: Project, task: Task) -> QuerySet[Task]:
    return Task.objects.filter(project=project).exclude(pk=task.pk)


def _write(ranks: list[tuple[int, str]]) -> None:
    Task.objects.bulk_update([Task(pk=task_id, rank=new) for task_id, new in ranks], ["rank"])
    for task_id, _ in ranks:
        forget_task(task_id)
