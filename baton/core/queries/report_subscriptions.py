"""Asking who gets which project's weekly report."""

from __future__ import annotations

from collections.abc import Iterator

from baton.core.actor import Actor
from baton.core.errors import NotFound
from baton.core.models import ReportSubscription
from baton.core.policies.visibility import visible_projects


def is_subscribed_to_report(actor: Actor, project_id: int) -> bool:
    """Does the actor get the project's report? Raises NotFound where the actor doesn't see it."""
    if not visible_projects(actor).filter(pk=project_id).exists():
        raise NotFound
    return ReportSubscription.objects.filter(user=actor.user_id, project=project_id).exists()


def list_report_subscriptions() -> Iterator[ReportSubscription]:
    """Yield every subscription, its user and project with it, of people with an address and projects not thrown away.

    Whether the user still sees the project is for whoever composes the letter to find out, at that moment.
    """
    found = ReportSubscription.objects.filter(
        user__is_active=True, user__email__isnull=False, project__trashed_at=None
    ).select_related("user", "project")
    return found.order_by("pk").iterator()
