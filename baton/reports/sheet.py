"""A report as CSV: one figure a row, so that a spreadsheet can filter and pivot it."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import msgspec

from baton.core.queries.report_shapes import PersonCount, Report
from baton.lib.csv_cells import BOM, write_rows

COLUMNS = ("table", "row", "column", "value")
_FIGURES = ("created", "done", "open", "overdue")
_TIMES = ("median", "percentile_75", "mean")
Row = tuple[str, str, str, str]


def write_sheet(report: Report) -> bytes:
    """Return the report as CSV; times in seconds. With a byte order mark, as Excel needs it."""
    out = StringIO(newline="")
    out.write(BOM)
    write_rows(out, [COLUMNS, *_rows(report)])
    return out.getvalue().encode()


def _rows(report: Report) -> Iterator[Row]:
    period, project = report.period, report.project
    yield "report", "project", "key", project.key
    yield "report", "project", "name", project.name
    yield "report", "period", "from", period.from_.isoformat()
    yield "report", "period", "until", period.until.isoformat()
    yield "report", "period", "timezone", period.timezone
    for name in _FIGURES:
        yield "total", "", name, str(getattr(report, name))
    for status, count in report.by_status.items():
        yield "by_status", "", status, str(count)
    for priority, counts in report.by_priority.items():
        for name, count in msgspec.to_builtins(counts).items():
            yield "by_priority", priority, name, str(count)
    for row in report.by_person:
        yield from _person(row)
    yield from _cycle_time(report)
    for step in report.series:
        yield report.step, step.on.isoformat(), "created", str(step.created)
        yield report.step, step.on.isoformat(), "done", str(step.done)


def _person(row: PersonCount) -> Iterator[Row]:
    name = row.person.username if row.person else ""
    for status, count in row.by_status.items():
        yield "by_person", name, status, str(count)
    yield "by_person", name, "overdue", str(row.overdue)


def _cycle_time(report: Report) -> Iterator[Row]:
    times = report.cycle_time
    for name in _TIMES:
        seconds = getattr(times, name)
        yield "cycle_time", "", name, "" if seconds is None else str(seconds)
    for bucket in times.buckets:
        bound = "" if bucket.up_to is None else str(bucket.up_to)
        yield "cycle_time_up_to", bound, "count", str(bucket.count)
