"""What a report says, in the key order of the native API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import msgspec

from baton.core.queries.shapes import Person, Shape

Seconds = Annotated[int, msgspec.Meta(ge=0, description="A duration in seconds.")]
StepName = Annotated[str, msgspec.Meta(extra_json_schema={"enum": ["day", "week"]})]


class ReportedProject(Shape):
    """Whose report it is."""

    id: int
    key: str
    name: str


class ReportedPeriod(Shape, rename={"from_": "from"}):
    """The days reported on, both ends included, as they are in the time zone."""

    from_: date
    until: date
    timezone: str


class PriorityCount(Shape):
    """The tasks of one priority: open and overdue at the end of the period, done within it."""

    open: int
    done: int
    overdue: int


class PersonCount(Shape):
    """The tasks one person leads, or nobody. Open ones by their status at the end; `done` within the period."""

    person: Person | None
    by_status: dict[str, int]
    overdue: int


class Bucket(Shape):
    """How many tasks took no longer than this, and longer than the bucket before; the last one has no bound."""

    up_to: Seconds | None
    count: int


class CycleTime(Shape):
    """How long the tasks done within the period took from their creation; null where none was done."""

    count: int
    median: Seconds | None
    percentile_75: Seconds | None
    mean: Seconds | None
    buckets: list[Bucket]


class Step(Shape):
    """What happened on the day, or in the week that begins with it."""

    on: date
    created: int
    done: int


class Report(Shape):
    """A project in a period: what came in, what was done in it, and what was open and overdue at its end."""

    project: ReportedProject
    period: ReportedPeriod
    made_at: datetime
    created: int
    done: int
    open: int
    overdue: int
    by_status: dict[str, int]
    by_priority: dict[str, PriorityCount]
    by_person: list[PersonCount]
    cycle_time: CycleTime
    step: StepName
    series: list[Step]
