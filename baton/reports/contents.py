"""What the page and the letter of a report say, put into words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from baton.core.models import Status
from baton.core.queries.report_shapes import PersonCount, Report
from baton.reports.words import Wording

STATUSES: tuple[str, ...] = tuple(Status.values)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and what it counts; `is_alarming` where it should be none."""

    label: str
    value: str
    is_alarming: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: whom or what it is about, and the cells behind."""

    name: str
    cells: Sequence[int]


@dataclass(frozen=True, slots=True)
class PersonRow(Row):
    """A person's row, and its cells added up for where there is little room."""

    open: int
    overdue: int
    done: int


def contents_of(report: Report, wording: Wording) -> dict[str, Any]:
    """Return what the templates show: everything but the charts."""
    words, times = wording.words, report.cycle_time
    return {
        "words": words,
        "language": wording.language,
        "project": report.project,
        "days": wording.days(report.period.from_, report.period.until),
        "made_at": wording.moment(report.made_at),
        "figures": [
            Figure(words["created"], str(report.created)),
            Figure(words["done_in_period"], str(report.done)),
            Figure(words["open_at_end"], str(report.open)),
            Figure(words["overdue_at_end"], str(report.overdue), is_alarming=report.overdue > 0),
        ],
        "times": [Figure(words[name], wording.duration(getattr(times, name))) for name in _TIMES]
        if times.count
        else [],
        "statuses": [words[status] for status in STATUSES],
        "people": [_person(row, words) for row in report.by_person],
        "priorities": _priorities(report, words),
        "series_title": words[f"by_{report.step}"],
    }


def _person(row: PersonCount, words: dict[str, str]) -> PersonRow:
    name = (row.person.name or row.person.username) if row.person else words["nobody"]
    counts = [row.by_status[status] for status in STATUSES]
    done, total = row.by_status[Status.DONE], sum(counts)
    return PersonRow(name, [*counts, total, row.overdue], open=total - done, overdue=row.overdue, done=done)


def _priorities(report: Report, words: dict[str, str]) -> list[Row]:
    # The highest first: that is what people look for.
    return [
        Row(words[name], [counts.open, counts.overdue, counts.done])
        for name, counts in reversed(report.by_priority.items())
    ]


_TIMES = ("median", "percentile_75", "mean")
