"""Where letters lead to: the one place that knows."""

from __future__ import annotations

from django.conf import settings

from baton.core.policies.letter_choices import make_off_token
from baton.lib.periods import Period


def task_link(task_id: int) -> str:
    """Return the address of a task."""
    # There are no pages for people yet.
    return f"{settings.BATON_BASE_URL}/api/tasks/{task_id}/"


def project_link(project_id: int) -> str:
    """Return the address of a project."""
    return f"{settings.BATON_BASE_URL}/api/projects/{project_id}/"


def report_link(project_id: int, period: Period) -> str:
    """Return the address of a project's report, as a page."""
    return f"{project_link(project_id)}report/?from={period.first}&until={period.last}&format=html"


def off_link(user_id: int, letters: str) -> str:
    """Return the address at which somebody switches such letters off, without logging in."""
    return f"{settings.BATON_BASE_URL}/letters/off/{make_off_token(user_id, letters)}/"
