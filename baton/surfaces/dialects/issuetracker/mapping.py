"""Between the core's tasks and the original's issues."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from baton.core.actor import Actor
from baton.core.commands.shared_projects import SharedProject, project_for
from baton.core.queries.brief_tasks import BriefTask, Place
from baton.surfaces.wire.dialects.projection import StatusProjection

STATUS = StatusProjection(
    shown={"todo": "open", "planned": "open", "in_progress": "open", "review": "open", "done": "closed"},
    read={"open": "todo", "closed": "done"},
)

ISSUES = SharedProject(UUID("ba70ba70-0000-4000-8000-000000000004"), "ISSUES", "Issues", creators_decide=True)
"""Where everybody's issues lie, unless the operator has named another project."""


def issues_place() -> Place:
    """Return where issues are read."""
    key: str = settings.BATON_ISSUETRACKER_PROJECT
    return Place("key", key) if key else Place("uuid", ISSUES.uuid)


def issues_project(actor: Actor) -> int:
    """Return the project where issues are created, made now if it is the first. Raises Conflict."""
    return project_for(actor, ISSUES, settings.BATON_ISSUETRACKER_PROJECT)


def show_issue(task: BriefTask) -> dict[str, object]:
    """Return a task as the original showed it: people by their usernames."""
    return {
        "id": task.id,
        "created_by": task.created_by,
        "title": task.title,
        "description": task.description,
        "status": STATUS.show(task.status),
        "assigned_to": task.lead,
    }
