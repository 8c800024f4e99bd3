"""A project's report on a period: `/api/projects/{id}/report/`, and its weekly letter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from msgspec import Struct
from rest_framework.request import Request

from baton.core.commands.report_subscriptions import subscribe_to_report, unsubscribe_from_report
from baton.core.errors import FieldError
from baton.core.queries.report import get_report
from baton.core.queries.report_shapes import Report
from baton.core.queries.report_subscriptions import is_subscribed_to_report
from baton.core.queries.users import get_profile
from baton.lib.local_times import zone_of
from baton.lib.periods import LONGEST_DAYS, Period
from baton.reports.page import render_page, style_source
from baton.reports.sheet import write_sheet
from baton.reports.words import Wording
from baton.surfaces.api.view import ApiView
from baton.surfaces.wire.downloads import attachment_headers, shown_headers
from baton.surfaces.wire.operations import Answer, operation, plain
from baton.surfaces.wire.query_parameters import LATEST_DAY, one_of, read_day, read_query
from baton.surfaces.wire.refusals import bad_query
from baton.surfaces.wire.respond import JSON, json_response, no_content

HTML, CSV = "text/html", "text/csv"
PARAMETERS = {"from": read_day, "until": read_day, "format": one_of("json", "html", "csv")}
GIVES = (plain(Report), Answer(200, bytes, HTML), Answer(200, bytes, CSV, ("Content-Disposition",)))
Form = Callable[[Report, Wording], HttpResponse]


class ProjectReport(ApiView):
    """`GET` what was created and done from one day until another, and what was open at its end.

    Days are those of the caller's time zone, both included; without them the last thirty. As JSON, as a page in the
    caller's language, or as CSV: by `format`, else by `Accept`.
    """

    @operation("get_report", query=PARAMETERS, gives=GIVES)
    def get(self, request: Request, project_id: int) -> HttpResponse:
        """Report on the project."""
        asked = read_query(request, PARAMETERS)
        profile, _ = get_profile(self.actor.person)
        zone = zone_of(profile.timezone)
        report = get_report(self.actor, project_id, _period(asked, zone))
        answer = _form(request, asked)(report, Wording(profile.language, zone))
        patch_vary_headers(answer, ("Accept",))
        return answer


class SubscriptionOut(Struct):
    """Does the weekly report go to the caller?"""

    is_subscribed: bool


class ReportSubscription(ApiView):
    """`PUT` to get the project's report by mail every week, `DELETE` to get it no more; either twice is once."""

    @operation("get_report_subscription", gives=SubscriptionOut)
    def get(self, request: Request, project_id: int) -> HttpResponse:
        """Say whether the report goes to the caller."""
        return json_response(SubscriptionOut(is_subscribed_to_report(self.actor, project_id)))

    @operation("subscribe_to_report")
    def put(self, request: Request, project_id: int) -> HttpResponse:
        """Have the report sent: 204."""
        subscribe_to_report(self.actor, project_id)
        return no_content()

    @operation("unsubscribe_from_report")
    def delete(self, request: Request, project_id: int) -> HttpResponse:
        """Have it sent no more: 204."""
        unsubscribe_from_report(self.actor, project_id)
        return no_content()


def _period(asked: dict[str, Any], zone: ZoneInfo) -> Period:
    """Return the days asked for. Raises Refused (400)."""
    first: date | None = asked.get("from")
    today = timezone.now().astimezone(zone).date()
    last: date = asked.get("until") or min(max(today, first or today), LATEST_DAY)
    period = Period(first, last, zone) if first else Period.up_to(last, zone)
    if period.days < 1:
        raise bad_query((FieldError("?until", "before_from", "The period ends before it begins."),))
    if period.days > LONGEST_DAYS:
        raise bad_query((FieldError("?from", "too_long", f"A period has at most {LONGEST_DAYS} days."),))
    return period


def _form(request: Request, asked: dict[str, Any]) -> Form:
    """Return the form asked for. JSON goes out whatever `Accept` says, unless it prefers one of the others."""
    name = asked.get("format")
    if name is None:
        name = _BY_TYPE.get(request._request.get_preferred_type(list(_BY_TYPE)) or JSON, "json")
    return _FORMS[name]


def _as_json(report: Report, _wording: Wording) -> HttpResponse:
    return json_response(report)


def _as_page(report: Report, wording: Wording) -> HttpResponse:
    headers = {**shown_headers(f"{_file_name(report)}.html", style_source()), "Content-Language": wording.language}
    return HttpResponse(render_page(report, wording), content_type=f"{HTML}; charset=utf-8", headers=headers)


def _as_sheet(report: Report, _wording: Wording) -> HttpResponse:
    headers = attachment_headers(f"{_file_name(report)}.csv")
    return HttpResponse(write_sheet(report), content_type=f"{CSV}; charset=utf-8", headers=headers)


def _file_name(report: Report) -> str:
    return f"{report.project.key}-{report.period.from_}-{report.period.until}"


_BY_TYPE = {JSON: "json", HTML: "html", CSV: "csv"}
_FORMS: dict[str, Form] = {"json": _as_json, "html": _as_page, "csv": _as_sheet}
