"""Errors that no view answers: unknown paths, a foreign host, CSRF, a bug in a middleware. Problem documents for all.

Only the paths under `settings.HTML_PREFIXES` (the admin, unless it is set) keep Django's pages, and a dialect's view
the pages that it made itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.common import CommonMiddleware as DjangoCommonMiddleware
from django.views import csrf as django_csrf
from django.views import defaults

from baton.surfaces.wire import outages, refusals
from baton.surfaces.wire.dialects.finding import dialect_of
from baton.surfaces.wire.problems import problem

REASONS = {
    400: ("bad_request", "The request can't be understood."),
    403: ("denied", "You may not do this."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This method is not allowed here."),
    500: ("internal_error", "The server failed to answer; the failure has been logged."),
}


def speaks_html(request: HttpRequest) -> bool:
    """Does this path belong to pages for people, whose errors are pages too?"""
    return request.path_info.startswith(tuple(getattr(settings, "HTML_PREFIXES", ("/admin/",))))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400."""
    if speaks_html(request):
        return defaults.bad_request(request, exception)
    return refusals.answer(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler403."""
    if speaks_html(request):
        return defaults.permission_denied(request, exception)
    return refusals.answer(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404."""
    if speaks_html(request):
        return defaults.page_not_found(request, exception)
    return _by_status(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500; Django has logged the trace. A database that is gone is a 503 in a middleware too."""
    if speaks_html(request):
        return defaults.server_error(request)
    # Django hands over no exception, but calls this while it handles one.
    error = sys.exception()
    outage = outages.answer(request, error) if isinstance(error, Exception) else None
    return outage or _by_status(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW."""
    if speaks_html(request):
        return django_csrf.csrf_failure(request, reason)
    return problem(request, 403, "csrf_failed", f"The CSRF check failed: {reason or 'no token.'}")


class NeverHtml:
    """Middleware: turns every error page into a problem document, with DEBUG on as well. Second to `request_ids`.

    Django's debug pages ignore the handlers above, and an exception in a plain Django view reaches neither them nor the
    view class of the kit.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with a document in the place of an error page."""
        response = self.get_response(request)
        if response.status_code >= 400 and _is_stray_page(response) and not speaks_html(request):
            return _replace(request, response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer what a plain Django view raised."""
        return None if speaks_html(request) else refusals.answer(request, exception)


class CommonMiddleware(DjangoCommonMiddleware):
    """Django's, which here adds a missing slash for people, and for what reads in a dialect that did so.

    A redirected POST would lose its body.
    """

    def should_redirect_with_slash(self, request: HttpRequest) -> bool:
        """Is this a page, or something to read in such a dialect, whose address lacks its slash?"""
        dialect = dialect_of(request)
        is_read = dialect is not None and dialect.adds_slashes and request.method in ("GET", "HEAD")
        return (is_read or speaks_html(request)) and super().should_redirect_with_slash(request)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Add the length, except to a 204, which must have none (RFC 9110, 8.6)."""
        return response if response.status_code == 204 else super().process_response(request, response)


def _is_stray_page(response: HttpResponseBase) -> bool:
    return response.headers.get("Content-Type", "").startswith("text/html") and not getattr(response, "is_page", False)


def _replace(request: HttpRequest, page: HttpResponseBase) -> HttpResponse:
    response = _by_status(request, page.status_code)
    for name in ("Allow", "Retry-After"):
        if name in page.headers:
            response.headers[name] = page.headers[name]
    return response


def _by_status(request: HttpRequest, status: int) -> HttpResponse:
    code, detail = REASONS.get(status, REASONS[500 if status >= 500 else 400])
    return problem(request, status, code, detail)
