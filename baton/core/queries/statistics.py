"""Counts over the tasks an actor sees."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.errors import NotFound
from baton.core.models import Priority, Status
from baton.core.policies.visibility import visible_projects, visible_tasks
from baton.core.queries import shapes

WEEK = timedelta(days=7)
DUE_SOON = timedelta(hours=24)


def get_statistics(actor: Actor, project_id: int | None = None) -> shapes.Statistics:
    """Return the counts over all tasks the actor sees, or over one project's. Raises NotFound for the project.

    Overdue and due soon (within 24 hours) are tasks that are not done.
    """
    tasks = visible_tasks(actor)
    if project_id is not None:
        if not visible_projects(actor).filter(pk=project_id).exists():
            raise NotFound
        tasks = tasks.filter(project=project_id)
    counts = tasks.aggregate(**_counters())
    return shapes.Statistics(
        total=counts["total"],
        by_status={status: counts[f"status_{status}"] for status in Status.values},
        by_priority={priority.name.lower(): counts[f"priority_{priority}"] for priority in Priority},
        overdue=counts["overdue"],
        due_soon=counts["due_soon"],
        unassigned=counts["unassigned"],
        created_last_7_days=counts["created"],
        completed_last_7_days=counts["completed"],
    )


def _counters() -> dict[str, Any]:
    now = timezone.now()
    is_open = ~Q(status=Status.DONE)
    conditions = {
        **{f"status_{status}": Q(status=status) for status in Status.values},
        **{f"priority_{priority}": Q(priority=priority) for priority in Priority.values},
        "overdue": is_open & Q(due_at__lt=now),
        "due_soon": is_open & Q(due_at__gte=now, due_at__lt=now + DUE_SOON),
        "unassigned": is_open & Q(lead=None),
        "created": Q(created_at__gte=now - WEEK),
        "completed": Q(completed_at__gte=now - WEEK),
    }
    counters = {name: Count("pk", filter=condition) for name, condition in conditions.items()}
    return {"total": Count("pk"), **counters}
