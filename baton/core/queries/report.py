"""The report of a project on a period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from statistics import fmean, quantiles
from typing import NamedTuple

from django.utils import timezone

from baton.core.actor import Actor
from baton.core.errors import NotFound
from baton.core.models import Priority, Status, User
from baton.core.policies.visibility import visible_projects
from baton.core.queries.report_shapes import (
    Bucket,
    CycleTime,
    PersonCount,
    PriorityCount,
    Report,
    ReportedPeriod,
    ReportedProject,
    Step,
)
from baton.core.queries.report_state import TaskThen, list_tasks_at
from baton.core.queries.shapes import Person, person_columns
from baton.lib.periods import Period
from baton.lib.snapshot import one_state

_HOUR = 3600
_DAY = 24 * _HOUR
BOUNDS = (4 * _HOUR, _DAY, 2 * _DAY, 7 * _DAY, 14 * _DAY, 30 * _DAY)
"""The seconds up to which the buckets of cycle time reach."""


class _Tasks(NamedTuple):
    """The tasks of the period: `done` within it, `open` at its end, `late` among those."""

    created: list[TaskThen]
    done: list[TaskThen]
    open: list[TaskThen]
    late: list[TaskThen]


def get_report(actor: Actor, project_id: int, period: Period) -> Report:
    """Return the report. Raises NotFound where the actor doesn't see the project.

    A period that is not over yet is reported on as far as it has come.
    """
    now = timezone.now()
    with one_state():
        project = visible_projects(actor).filter(pk=project_id).values_list("id", "key", "name").first()
        if project is None:
            raise NotFound
        tasks = _sort(list_tasks_at(project_id, period.starts_at, period.ends_at, now), period, now)
        by_person = _by_person(tasks)
    return Report(
        project=ReportedProject(*project),
        period=ReportedPeriod(period.first, period.last, period.zone.key),
        made_at=now,
        created=len(tasks.created),
        done=len(tasks.done),
        open=len(tasks.open),
        overdue=len(tasks.late),
        by_status=_by_status([*tasks.open, *tasks.done]),
        by_priority=_by_priority(tasks),
        by_person=by_person,
        cycle_time=_cycle_time(tasks.done),
        step=period.step,
        series=_series(tasks, period),
    )


def _sort(tasks: list[TaskThen], period: Period, now: datetime) -> _Tasks:
    starts_at, seen_at = period.starts_at, min(period.ends_at, now)
    open_ones = [task for task in tasks if not task.is_done]
    return _Tasks(
        created=[task for task in tasks if task.created_at >= starts_at],
        done=[task for task in tasks if task.is_done],
        open=open_ones,
        late=[task for task in open_ones if task.due_at and task.due_at < seen_at],
    )


def _by_status(tasks: Iterable[TaskThen]) -> dict[str, int]:
    return {**dict.fromkeys(Status.values, 0), **Counter(task.status for task in tasks)}


def _by_priority(tasks: _Tasks) -> dict[str, PriorityCount]:
    open_ones, done, late = (_count(part, lambda task: task.priority) for part in (tasks.open, tasks.done, tasks.late))
    names = [priority.name.lower() for priority in Priority]
    return {name: PriorityCount(open_ones[name], done[name], late[name]) for name in names}


def _by_person(tasks: _Tasks) -> list[PersonCount]:
    """Return a row for everybody who leads a task, the most tasks first, and at the end one for nobody's."""
    led: dict[int | None, list[TaskThen]] = {}
    for task in (*tasks.open, *tasks.done):
        led.setdefault(task.lead_id, []).append(task)
    late = _count(tasks.late, lambda task: task.lead_id)
    rows = User.objects.filter(pk__in=[lead for lead in led if lead is not None]).values_list(*person_columns(""))
    people = sorted((Person(*row) for row in rows), key=lambda person: (-len(led[person.id]), person.username))
    # Somebody whose account is gone led them once; now nobody does.
    nobodys = [task for lead in led.keys() - {person.id for person in people} for task in led[lead]]
    counts = [PersonCount(person, _by_status(led[person.id]), late[person.id]) for person in people]
    if nobodys:
        counts.append(PersonCount(None, _by_status(nobodys), len(tasks.late) - sum(row.overdue for row in counts)))
    return counts


def _cycle_time(done: list[TaskThen]) -> CycleTime:
    # What was imported may have been done before it was created.
    took = sorted(max(0.0, (task.completed_at - task.created_at).total_seconds()) for task in done if task.completed_at)
    if not took:
        return CycleTime(0, None, None, None, _buckets(took))
    # Between two neighbours, as PostgreSQL's `percentile_cont`; the function takes no single number.
    _, median, upper = quantiles(took, n=4, method="inclusive") if len(took) > 1 else took * 3
    return CycleTime(len(took), round(median), round(upper), round(fmean(took)), _buckets(took))


def _buckets(took: list[float]) -> list[Bucket]:
    reached = [sum(seconds <= bound for seconds in took) for bound in BOUNDS]
    before = [0, *reached]
    buckets = [Bucket(bound, count - less) for bound, count, less in zip(BOUNDS, reached, before, strict=False)]
    return [*buckets, Bucket(None, len(took) - reached[-1])]


def _series(tasks: _Tasks, period: Period) -> list[Step]:
    created = period.count(task.created_at for task in tasks.created)
    done = period.count(task.completed_at for task in tasks.done if task.completed_at)
    return [Step(*row) for row in zip(period.steps, created, done, strict=True)]


def _count(tasks: Iterable[TaskThen], key: Callable[[TaskThen], object]) -> Counter[object]:
    return Counter(map(key, tasks))
