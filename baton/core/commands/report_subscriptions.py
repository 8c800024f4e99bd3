"""Getting a project's report every week."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from baton.core.actor import Actor
from baton.core.commands.access import lock_project
from baton.core.events.fact import Fact
from baton.core.events.facts.reports import ReportSubscribed, ReportUnsubscribed
from baton.core.events.record import record
from baton.core.models import ReportSubscription
from baton.lib.unit_of_work import atomically


def subscribe_to_report(actor: Actor, project_id: int) -> None:
    """Have the actor get the project's report by mail every week; twice is once. Raises NotFound."""
    with atomically():
        project = lock_project(actor, project_id)
        now = timezone.now()
        _, is_new = ReportSubscription.objects.get_or_create(
            project=project, user_id=actor.person, defaults={"created_at": now}
        )
        if is_new:
            _record(actor, ReportSubscribed(project=project.pk), now)


def unsubscribe_from_report(actor: Actor, project_id: int) -> None:
    """Have the actor get the project's report no more; twice is once. Raises NotFound."""
    with atomically():
        project = lock_project(actor, project_id)
        if ReportSubscription.objects.filter(project=project, user_id=actor.person).delete()[0]:
            _record(actor, ReportUnsubscribed(project=project.pk), timezone.now())


def _record(actor: Actor, fact: Fact, at: datetime) -> None:
    """Record it as the person's own business: what somebody reads is no part of the project's history."""
    record(actor, fact, at=at, user_id=actor.person)
