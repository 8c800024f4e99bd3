"""Numbers of tasks. Kinds are summed from the ledger (`Tally`); only what lies in a range of time is counted."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.errors import NotFound
from baton.core.models import Priority, Project, Status, Tally, Task
from baton.core.policies.visibility import visible_projects
from baton.core.queries import shapes

WEEK = timedelta(days=7)
DUE_SOON = timedelta(hours=24)


def get_statistics(actor: Actor, project_id: int | None = None) -> shapes.Statistics:
    """Return the numbers over all tasks the actor sees, or over one project's. Raises NotFound for the project.

    Overdue, due soon (within 24 hours) and unassigned are tasks that are not done.
    """
    projects = visible_projects(actor)
    if project_id is not None:
        projects = projects.filter(pk=project_id)
        if not projects.exists():
            raise NotFound
    return _of_ranges(projects, _of_kinds(projects))


def _of_kinds(projects: QuerySet[Project]) -> shapes.Statistics:
    found = shapes.Statistics(
        total=0,
        by_status=dict.fromkeys(Status.values, 0),
        by_priority={priority.name.lower(): 0 for priority in Priority},
        overdue=0,
        due_soon=0,
        unassigned=0,
        created_last_7_days=0,
        completed_last_7_days=0,
    )
    kinds = Tally.objects.filter(project__in=projects.values("pk")).order_by()
    rows = kinds.values_list("status", "priority", "is_unassigned").annotate(number=Sum("difference"))
    for status, priority, is_unassigned, number in rows:
        found.total += number
        found.by_status[status] += number
        found.by_priority[Priority(priority).name.lower()] += number
        if is_unassigned and status != Status.DONE:
            found.unassigned += number
    return found


def _of_ranges(projects: QuerySet[Project], found: shapes.Statistics) -> shapes.Statistics:
    """Count what the calendar decides. Each is a range of an index, and the last week of it or what is late."""
    now = timezone.now()
    tasks = Task.objects.filter(project__in=projects.values("pk"), trashed_at=None).order_by()
    undone = tasks.filter(~Q(status=Status.DONE), due_at__isnull=False)
    found.overdue = undone.filter(due_at__lt=now).count()
    found.due_soon = undone.filter(due_at__gte=now, due_at__lt=now + DUE_SOON).count()
    found.created_last_7_days = tasks.filter(created_at__gte=now - WEEK).count()
    found.completed_last_7_days = tasks.filter(completed_at__gte=now - WEEK).count()
    return found
