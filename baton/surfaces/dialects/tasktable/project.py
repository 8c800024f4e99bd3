"""The project whose tasks the dialect speaks of."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from baton.core.actor import Actor
from baton.core.commands.shared_projects import SharedProject, project_for
from baton.core.queries.brief_tasks import Place

TASKS = SharedProject(
    UUID("ba70ba70-0000-4000-8000-000000000000"), "TASKTABLE", "TaskTable", assignees_edit=True, unique_titles=True
)
"""Where everybody's tasks lie, unless the operator has named another project."""


def tasks_place() -> Place:
    """Return where tasks are read."""
    key: str = settings.BATON_TASKTABLE_PROJECT
    return Place("key", key) if key else Place("uuid", TASKS.uuid)


def tasks_project(actor: Actor) -> int:
    """Return the project where tasks are created, made now if it is the first. Raises Conflict."""
    return project_for(actor, TASKS, settings.BATON_TASKTABLE_PROJECT)
