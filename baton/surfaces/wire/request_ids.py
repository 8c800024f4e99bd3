"""One id per request: taken from the caller or made, returned, and bound to every log line."""

from __future__ import annotations

import re
from collections.abc import Callable

import structlog
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from baton.lib.ids import new_uuid

HEADER = "X-Request-Id"
_ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{1,64}").fullmatch


def request_ids(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: sets `request.request_id` and answers with it. It belongs outermost, so that every answer has one."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        asked = request.META.get("HTTP_X_REQUEST_ID")
        request_id = asked if asked is not None and _ACCEPTABLE(asked) else new_uuid().hex
        request.request_id = request_id  # type: ignore[attr-defined]  # a Django request is an open bag
        # By hand: `bound_contextvars` does the same at three times the cost.
        before = structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            response = get_response(request)
        finally:
            structlog.contextvars.reset_contextvars(**before)
        response.headers[HEADER] = request_id
        return response

    return middleware


def request_id_of(request: HttpRequest | Request) -> str:
    """Return the id of the request, or "" where the middleware has not run."""
    return getattr(request, "request_id", "")
