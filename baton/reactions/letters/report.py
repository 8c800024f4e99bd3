"""The weekly letter with a project's report. Mail programs show no SVG: its bars are cells of tables."""

from __future__ import annotations

from baton.core.actor import Actor
from baton.core.models import Project, User
from baton.core.queries.report import get_report
from baton.core.queries.report_shapes import Report
from baton.lib.periods import Period
from baton.reactions.letters.links import report_link
from baton.reactions.letters.readers import SURFACE
from baton.reactions.letters.rendering import Rendered, render
from baton.reports.contents import STATUSES, contents_of
from baton.reports.words import Wording


def compose_report_letter(user: User, project: Project, period: Period, off_url: str = "") -> Rendered:
    """Return the letter with the project's report on the period's days, in the reader's language.

    `off_url` is where they get rid of such letters. Raises NotFound where they don't see the project any more.
    """
    report = get_report(Actor(user.pk, surface=SURFACE, is_live=True), project.pk, period)
    wording = Wording(user.language, period.zone)
    context = {
        **contents_of(report, wording),
        "bars": _bars(report, wording),
        "button_url": report_link(project.pk, period),
        "off_url": off_url,
    }
    return render("report", wording.language, context)


def _bars(report: Report, wording: Wording) -> list[tuple[str, int, int]]:
    """Return each status with its number, and how long its bar is in percent."""
    most = max(report.by_status.values()) or 1
    counts = ((status, report.by_status[status]) for status in STATUSES)
    return [(wording.words[status], count, round(100 * count / most)) for status, count in counts]
