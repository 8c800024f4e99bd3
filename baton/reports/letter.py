"""A report as a letter. Mail programs show no SVG and drop style sheets: bars are cells, and styles stand inline."""

from __future__ import annotations

from typing import NamedTuple
from zoneinfo import ZoneInfo

import css_inline
from django.conf import settings
from django.template.loader import render_to_string

from baton.core.actor import Actor
from baton.core.models import Project, User
from baton.core.queries.report import get_report
from baton.core.queries.report_shapes import Report
from baton.lib.periods import Period
from baton.reports.contents import STATUSES, contents_of
from baton.reports.words import Wording

# Styles are all in the letter itself: nothing is ever fetched.
_INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False)


class ReportLetter(NamedTuple):
    """What is sent: the subject, and the letter as text and as HTML."""

    subject: str
    text: str
    html: str


def compose_report_letter(user: User, project: Project, period: Period) -> ReportLetter:
    """Return the letter with the project's report, in the reader's language and about the days of `period`.

    Raises NotFound where the user doesn't see the project any more.
    """
    report = get_report(Actor(user.pk, surface="mail"), project.pk, period)
    wording = Wording(user.language, period.zone)
    context = {
        **contents_of(report, wording),
        "address": _address(project, period),
        "bars": _bars(report, wording),
    }
    subject = f"{report.project.name}: {wording.words['report']}, {context['days']}"
    return ReportLetter(
        # A header is one line, whatever a project may be called.
        " ".join(subject.split()),
        render_to_string("reports/letter.txt", context),
        _INLINER.inline(render_to_string("reports/letter.html", context)),
    )


def zone_of(user: User) -> ZoneInfo:
    """Return the user's time zone."""
    return ZoneInfo(user.timezone)


def _address(project: Project, period: Period) -> str:
    days = f"from={period.first}&until={period.last}"
    return f"{settings.BATON_BASE_URL}/api/projects/{project.pk}/report/?{days}&format=html"


def _bars(report: Report, wording: Wording) -> list[tuple[str, int, int]]:
    """Return each status with its number, and how long its bar is in percent."""
    most = max(report.by_status.values()) or 1
    counts = ((status, report.by_status[status]) for status in STATUSES)
    return [(wording.words[status], count, round(100 * count / most)) for status, count in counts]
