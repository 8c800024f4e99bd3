"""Asking how one is told of things."""

from __future__ import annotations

from collections import defaultdict
from datetime import time

from baton.core.actor import Actor
from baton.core.models import NotificationSetting, UnwantedLetter, User
from baton.core.policies.mail_modes import DEFAULTS, hours_of
from baton.core.policies.visibility import visible_projects
from baton.core.queries import shapes


def get_notification_settings(actor: Actor) -> shapes.NotificationSettings:
    """Return how the actor is told: of each kind, what differs in single projects that they see, and at which hours."""
    said: dict[int | None, dict[str, str]] = defaultdict(dict)
    rows = NotificationSetting.objects.filter(user=actor.person).order_by("project", "kind")
    for project_id, kind, mode in rows.values_list("project_id", "kind", "mode"):
        said[project_id][kind] = mode
    everywhere = said.pop(None, {})
    projects = [project_id for project_id in said if project_id is not None]
    seen = visible_projects(actor).filter(pk__in=projects).values_list("pk", flat=True)
    hours = hours_of(User.objects.select_related("mail_hours").get(pk=actor.person))
    return shapes.NotificationSettings(
        modes={**DEFAULTS, **everywhere},
        projects={str(project_id): said[project_id] for project_id in sorted(seen)},
        hours=shapes.Hours(
            gather_minutes=hours.gather_minutes,
            digest_hour=hours.digest_hour,
            digest_weekday=hours.digest_weekday,
            quiet_from=_clock(hours.quiet_from),
            quiet_until=_clock(hours.quiet_until),
        ),
        unwanted_letters=sorted(UnwantedLetter.objects.filter(user=actor.person).values_list("letter", flat=True)),
    )


def _clock(moment: time | None) -> str | None:
    return None if moment is None else f"{moment:%H:%M}"
