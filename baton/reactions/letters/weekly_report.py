"""The weekly report of a project, as a letter."""

from __future__ import annotations

from baton.adapters.mail import Letter
from baton.core.commands.weekly_reports import WEEKLY_REPORT
from baton.core.errors import NotFound
from baton.core.models import Delivery, Project, ReportSubscription
from baton.lib.local_times import zone_of
from baton.lib.periods import Period
from baton.reactions.letters.composing import Unsent
from baton.reactions.letters.headers import list_headers, off_headers
from baton.reactions.letters.links import off_link
from baton.reactions.letters.readers import find_reader
from baton.reactions.letters.report import compose_report_letter

UNASKED = Unsent("They do not ask for this report any more.")
UNSEEN = Unsent("They do not see the project any more.")


def compose_weekly_report(delivery: Delivery) -> Letter | Unsent:
    """Write the report of the last whole week before the letter was due, if the reader still asks for it and may."""
    reader = find_reader(delivery)
    if isinstance(reader, Unsent):
        return reader
    project = Project.objects.filter(pk=delivery.project_id or 0).first()
    if project is None:
        return UNSEEN
    if not ReportSubscription.objects.filter(user=reader.user, project=project).exists():
        return UNASKED
    period = Period.last_week(delivery.created_at, zone_of(reader.user.timezone))
    off = off_link(reader.user.pk, f"{WEEKLY_REPORT}:{project.pk}")
    try:
        said = compose_report_letter(reader.user, project, period, off)
    except NotFound:
        return UNSEEN
    headers = {**list_headers(project), **off_headers(off)}
    return Letter(
        reader.address, (reader.address,), said.subject, said.text, delivery.message_id, said.html, headers=headers
    )
