"""A report as a page that stands alone: charts as SVG, no script, no address, and paper in mind."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from baton.core.queries.report_shapes import Report
from baton.lib.svg_charts import Bar, Line, bar_chart, column_chart, line_chart
from baton.reports.contents import STATUSES, contents_of
from baton.reports.words import Wording

_COLOURS = {
    "todo": "#829ab1",
    "planned": "#2f80c3",
    "in_progress": "#d9822b",
    "review": "#8a5cc2",
    "done": "#2f9e5b",
}


def render_page(report: Report, wording: Wording) -> str:
    """Return the page in the reader's language and time zone."""
    charts = {"statuses": _statuses(report, wording), "series": _series(report, wording)}
    if report.cycle_time.count:
        charts["times"] = _times(report, wording)
    return render_to_string("reports/page.html", {**contents_of(report, wording), "charts": charts})


@cache
def style_source() -> str:
    """Return what a content security policy calls the style sheet by: nothing else in the page may style it."""
    style = render_to_string("reports/page.css")
    return f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'"


def _statuses(report: Report, wording: Wording) -> SafeString:
    words = wording.words
    bars = [Bar(words[status], report.by_status[status], _COLOURS[status]) for status in STATUSES]
    return _safe(bar_chart("statuses", words["by_status"], bars))


def _series(report: Report, wording: Wording) -> SafeString:
    words = wording.words
    lines = [
        Line(words["created"], [step.created for step in report.series], _COLOURS["planned"], is_dashed=True),
        Line(words["done_count"], [step.done for step in report.series], _COLOURS["done"]),
    ]
    days = [wording.short_day(step.on) for step in report.series]
    return _safe(line_chart("series", words[f"by_{report.step}"], days, lines))


def _times(report: Report, wording: Wording) -> SafeString:
    bars = [Bar(wording.bound(bucket.up_to), bucket.count, _COLOURS["done"]) for bucket in report.cycle_time.buckets]
    return _safe(column_chart("times", wording.words["cycle_time"], bars))


def _safe(drawing: str) -> SafeString:
    return mark_safe(drawing)  # noqa: S308  # every text in it was escaped where it was drawn
