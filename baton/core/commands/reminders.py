"""Reminders of what is due: once a day for each time zone, at the hour that the settings name.

What decides is the moment of that hour, not when somebody looks: after a standstill the last one is made up for, once,
with everything that has become overdue since the one before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from baton.core.commands.job_slots import find_latest_slot, take_slot, taken_among
from baton.core.commands.telling import Telling, tell
from baton.core.models import Assignment, Member, Status, User
from baton.core.models.notification import Kind
from baton.core.models.project import Visibility
from baton.lib.local_times import latest, moment_of, zone_of

_JOB = "remind"
_UNDONE = (Status.TODO, Status.PLANNED, Status.IN_PROGRESS)
REMINDED_IN = {Kind.DUE_SOON: _UNDONE, Kind.OVERDUE: (*_UNDONE, Status.REVIEW)}
"""The states of a task in which people are reminded of it."""
_AHEAD = timedelta(hours=24)
# Longer ago is no news any more; nobody may have lived in the zone meanwhile either.
_FURTHEST_BACK = timedelta(days=7)
_AT_ONCE = 500


def remind() -> int:
    """Remind the people of every time zone where it has been the hour and nobody has; return the number of letters."""
    zones = User.objects.filter(is_active=True).order_by("timezone").values_list("timezone", flat=True).distinct()
    now, hour = timezone.now(), settings.BATON_REMINDER_HOUR
    days = {zone: latest(now, hour, zone_of(zone))[0] for zone in zones}
    if find_latest_slot(_JOB) is None:
        return _begin(days)
    taken = taken_among(_JOB, [_slot(zone, day) for zone, day in days.items()])
    return sum(_remind(zone, day) for zone, day in days.items() if _slot(zone, day) not in taken)


def occasion_of(kind: str, task_id: int, due_at: datetime) -> str:
    """Return the occasion of a reminder: another due date is another one."""
    return f"{kind}:{task_id}:{due_at.astimezone(UTC).isoformat()}"


def _begin(days: dict[str, date]) -> int:
    """Where nobody has ever been reminded, there is nothing to make up for: begin with what comes."""
    with transaction.atomic():
        for zone, day in days.items():
            take_slot(_JOB, _slot(zone, day))
    return 0


def _slot(zone: str, day: date) -> str:
    return f"{zone} {day}"


def _remind(zone: str, day: date) -> int:
    """Remind the people of a zone of what is due as seen from the hour of that day."""
    with transaction.atomic():
        before = find_latest_slot(_JOB, prefix=f"{zone} ", before=_slot(zone, day))
        if not take_slot(_JOB, _slot(zone, day)):
            return 0
        now = _hour_of(zone, day)
        last = _hour_of(zone, date.fromisoformat(before.rpartition(" ")[2]) if before else day - timedelta(days=1))
        tomorrow = _hour_of(zone, day + timedelta(days=1))  # 25 hours from now where the clocks are put back
        soon = _due(zone, now, max(now + _AHEAD, tomorrow), REMINDED_IN[Kind.DUE_SOON])
        overdue = _due(zone, max(last, now - _FURTHEST_BACK), now, REMINDED_IN[Kind.OVERDUE])
        return _tell(Kind.DUE_SOON, soon) + _tell(Kind.OVERDUE, overdue)


def _hour_of(zone: str, day: date) -> datetime:
    return moment_of(day, time(settings.BATON_REMINDER_HOUR), zone_of(zone))


def _due(zone: str, after: datetime, until: datetime, states: Iterable[str]) -> QuerySet[Assignment]:
    """Return who in the zone works on what is due in that time, and sees it."""
    is_member = Exists(Member.objects.filter(project=OuterRef("task__project"), user=OuterRef("user")))
    return Assignment.objects.filter(
        Q(task__project__visibility=Visibility.OPEN) | Q(is_member),
        user__timezone=zone,
        user__is_active=True,
        task__due_at__gt=after,
        task__due_at__lte=until,
        task__status__in=states,
        task__trashed_at=None,
        task__project__trashed_at=None,
    ).order_by("task__due_at", "pk")


def _tell(kind: Kind, due: QuerySet[Assignment]) -> int:
    tellings = [
        Telling(user, kind, occasion_of(kind, task, due_at), project, task)
        for user, task, project, due_at in due.values_list("user_id", "task_id", "task__project_id", "task__due_at")
        if due_at is not None
    ]
    return sum(tell(some) for some in _batches(tellings))


def _batches(tellings: list[Telling]) -> Iterator[list[Telling]]:
    for start in range(0, len(tellings), _AT_ONCE):
        yield tellings[start : start + _AT_ONCE]
