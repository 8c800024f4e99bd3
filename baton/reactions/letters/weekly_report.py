"""The delivery of a project's weekly report: to whom it still goes, and how they get rid of it."""

from __future__ import annotations

from baton.adapters.mail import Letter
from baton.core.commands.weekly_reports import WEEKLY_REPORT, last_day_of
from baton.core.models import Delivery, ReportSubscription
from baton.core.policies.letter_choices import REPORT_OF
from baton.lib.local_times import zone_of
from baton.lib.periods import Period
from baton.reactions.letters.composing import Composer, Unsent
from baton.reactions.letters.headers import list_headers, off_headers
from baton.reactions.letters.links import off_link
from baton.reactions.letters.readers import Reader, in_waking_hours, to_reader
from baton.reactions.letters.report import compose_report_letter

UNASKED = Unsent("They have asked for no more reports of this project.")
UNSEEN = Unsent("They don't see the project any more.")


def compose_weekly_report(delivery: Delivery, reader: Reader) -> Letter | Unsent:
    """Write the report on the week that the delivery is about."""
    project = reader.find_projects([delivery.project_id or 0]).get(delivery.project_id or 0)
    if project is None:
        return UNSEEN
    if not ReportSubscription.objects.filter(user=reader.user, project=project).exists():
        return UNASKED
    period = Period.up_to(last_day_of(delivery.occasion), zone_of(reader.user.timezone), days=7)
    off = off_link(reader.user.pk, f"{REPORT_OF}{project.pk}")
    written = compose_report_letter(reader.user, project, period, off)
    return Letter(
        reader.address,
        (reader.address,),
        written.subject,
        written.text,
        delivery.message_id,
        written.html,
        {**list_headers(project), **off_headers(off)},
    )


WEEKLY_REPORTS: dict[str, Composer] = {WEEKLY_REPORT: to_reader(in_waking_hours(compose_weekly_report))}
"""Its composer."""
