"""The original's letters: of an assignment after some minutes, and from time to time of all one's issues."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings

from baton.adapters.mail import Letter
from baton.core.commands.mail_queue import LetterOrder, queue_letters
from baton.core.models import Delivery, Event, Project, Task, UnwantedLetter
from baton.core.policies.visibility import visible_tasks
from baton.core.queries.brief_tasks import BriefTask, list_brief_tasks, list_leads
from baton.reactions.letters.composing import Composer, Unsent
from baton.reactions.letters.headers import off_headers, thread_headers
from baton.reactions.letters.links import off_link
from baton.reactions.letters.readers import Reader, to_reader, unless_unwanted
from baton.reactions.rounds import Round
from baton.surfaces.dialects.issuetracker.auth import NAME
from baton.surfaces.dialects.issuetracker.mapping import STATUS, issues_place

ASSIGNED = "issue_assigned"
REPORT = "issues_assigned"

OVERTAKEN = Unsent("The issue is somebody else's by now, or gone.")
NONE_LEFT = Unsent("No issue is assigned to them any more.")


def plan(event: Event) -> list[LetterOrder]:
    """Return the letter to whom an issue was given through this dialect."""
    assignee = event.changes.get("assigned_to", (None, None))[1]
    if not _is_served() or event.task_id is None or assignee is None:
        return []
    after = settings.ISSUETRACKER_ASSIGNED_AFTER
    occasion = f"event:{event.pk}"
    return [LetterOrder(ASSIGNED, assignee, occasion, event, event.project_id, event.task_id, after=after)]


def queue_reports(occasion: str) -> int:
    """Order the report for each person with issues, open and closed; return how many."""
    place = issues_place()
    project_id = Project.objects.filter(**{place.known_by: place.value}).values_list("pk", flat=True).first()
    unwanted = set(UnwantedLetter.objects.filter(letter=REPORT).values_list("user_id", flat=True))
    people = [user for user in list_leads(place) if user not in unwanted]
    return len(queue_letters(LetterOrder(REPORT, user, occasion, project_id=project_id) for user in people))


def compose_assigned(delivery: Delivery, reader: Reader) -> Letter | Unsent:
    """Write that an issue is assigned to the reader, if the assignment still stands and is the issue's last."""
    task = visible_tasks(reader.eyes).filter(pk=delivery.task_id or 0, lead=reader.user).first()
    if task is None or not _is_last_assignment(delivery, task):
        return OVERTAKEN
    text = f"Ticket '{task.pk} - {task.title}' is assigned to you"
    headers = {**thread_headers(task), **off_headers(off_link(reader.user.pk, ASSIGNED))}
    return Letter(reader.address, (reader.address,), "New Issue assigned", text, delivery.message_id, headers=headers)


def compose_report(delivery: Delivery, reader: Reader) -> Letter | Unsent:
    """Write which issues are assigned to the reader."""
    issues = list_brief_tasks(reader.eyes, issues_place(), {"assigned_to": reader.user.pk})
    lines = [_line(issue) for issue in issues if issue.lead_id == reader.user.pk]
    if not lines:
        return NONE_LEFT
    off = off_headers(off_link(reader.user.pk, REPORT))
    text = "\n".join(lines)
    return Letter(reader.address, (reader.address,), "Issues assigned", text, delivery.message_id, headers=off)


COMPOSERS: Mapping[str, Composer] = {
    ASSIGNED: to_reader(unless_unwanted(compose_assigned)),
    REPORT: to_reader(unless_unwanted(compose_report)),
}
"""Who writes this dialect's letters."""


def _period() -> timedelta:
    period: timedelta = settings.ISSUETRACKER_REPORT_EVERY
    return period if _is_served() else timedelta()


REPORTS = Round(REPORT, _period, queue_reports)
"""The report comes round."""


def _is_served() -> bool:
    return NAME in settings.BATON_DIALECTS


def _is_last_assignment(delivery: Delivery, task: Task) -> bool:
    assignments = Event.objects.filter(task=task, changes__has_key="assigned_to")
    return assignments.order_by("-pk").values_list("pk", flat=True).first() == delivery.event_id


def _line(issue: BriefTask) -> str:
    return (
        f"Issue Id - {issue.id}, Title - {issue.title}, Creator - {issue.created_by}, "
        f"Description - {issue.description}, Status - {STATUS.show(issue.status)}"
    )
