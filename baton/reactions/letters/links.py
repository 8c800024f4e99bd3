"""Where letters lead to: the one place that knows."""

from __future__ import annotations

from django.conf import settings

from baton.core.policies.letter_choices import make_off_token


def task_link(task_id: int) -> str:
    """Return the address of a task."""
    # There are no pages for people yet.
    return f"{settings.BATON_BASE_URL}/api/tasks/{task_id}/"


def project_link(project_id: int) -> str:
    """Return the address of a project."""
    return f"{settings.BATON_BASE_URL}/api/projects/{project_id}/"


def off_link(user_id: int, letters: str) -> str:
    """Return the address at which somebody switches such letters off, without logging in."""
    return f"{settings.BATON_BASE_URL}/letters/off/{make_off_token(user_id, letters)}/"
