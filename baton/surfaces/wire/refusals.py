"""Exceptions as problem documents: what the core, DRF, Django and the database may raise during a request."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import structlog
from django.core import exceptions as django_errors
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from rest_framework import exceptions as drf
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.views import set_rollback

from baton.core import errors as core
from baton.core.errors import FieldError
from baton.surfaces.wire import outages
from baton.surfaces.wire.problems import pointer, printable, problem

REALM = 'Bearer realm="baton"'
NO_REACH = REALM + ', error="insufficient_scope"'
DEAD = REALM + ', error="invalid_token"'

CORE_STATUS: Mapping[type[core.CoreError], int] = {
    core.NotFound: 404,
    core.Denied: 403,
    core.DeadCredential: 401,
    core.Conflict: 409,
    core.Stale: 412,
    core.TooMany: 429,
    core.Invalid: 400,
}

# Django's own exceptions; the first that fits counts, so a special one stands before its general one.
DJANGO_ERRORS: Mapping[tuple[type[Exception], ...], tuple[int, str, str]] = {
    (Http404,): (404, "not_found", core.NotFound.detail),
    (django_errors.PermissionDenied,): (403, "denied", core.Denied.detail),
    (django_errors.RequestDataTooBig,): (413, "too_large", "The body is larger than this server takes."),
    (django_errors.TooManyFieldsSent, django_errors.TooManyFilesSent): (
        400,
        "too_many_fields",
        "The form has more fields or files than this server takes.",
    ),
    (django_errors.DisallowedHost,): (400, "bad_host", "This server does not answer to that host name."),
    (django_errors.SuspiciousOperation, django_errors.BadRequest): (
        400,
        "bad_request",
        "The request can't be understood.",
    ),
    (MultiPartParserError, UnreadablePostError): (400, "parse_error", "The body could not be read to its end."),
}

# DRF's code where the product has another word.
CODES = {"permission_denied": "denied", "error": "internal_error"}

log = structlog.get_logger(__name__)


class Refused(drf.APIException):
    """A refusal of the wire itself, such as a used idempotency key: any status, with headers and named fields."""

    def __init__(
        self, status: int, code: str, detail: str, errors: tuple[FieldError, ...] = (), **headers: str
    ) -> None:
        super().__init__(detail, code)
        self.status_code = status
        self.errors = errors
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def bad_query(errors: tuple[FieldError, ...]) -> Refused:
    """Return the refusal of query parameters; each error points at `?name`."""
    return Refused(400, "invalid_query", "The query parameters are not valid.", errors)


def handle_exception(exc: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """Answer any exception of a view: DRF's EXCEPTION_HANDLER. What nobody expected is logged and answered as a 500."""
    set_rollback()
    return answer(context["request"], exc)


def answer(request: HttpRequest | Request, exc: Exception) -> HttpResponse:
    """Return the problem document of an exception. Call it while the exception is being handled."""
    if isinstance(exc, core.CoreError):
        return _core(request, exc)
    if isinstance(exc, drf.APIException):
        return _drf(request, exc)
    # Outages first: a body that met a full disk is one that could not be read, too.
    known = outages.answer(request, exc) or _django(request, exc)
    return known or _unexpected(request, exc)


def status_of(refusal: core.CoreError) -> int:
    """Return the HTTP status of a refusal of the core."""
    return next((CORE_STATUS[kind] for kind in type(refusal).__mro__ if kind in CORE_STATUS), 400)


def field_errors(detail: Any, *path: str | int) -> Iterator[FieldError]:
    """Flatten the nested detail of DRF's ValidationError into one error per bad field, with its JSON Pointer."""
    if isinstance(detail, Mapping):
        for key, value in detail.items():
            inside = path if key == api_settings.NON_FIELD_ERRORS_KEY else (*path, key)
            yield from field_errors(value, *inside)
    elif isinstance(detail, list):
        for index, value in enumerate(detail):
            inside = path if isinstance(value, str) else (*path, index)
            yield from field_errors(value, *inside)
    else:
        yield FieldError(pointer(*path), getattr(detail, "code", None) or "invalid", str(detail))


def _core(request: HttpRequest | Request, exc: core.CoreError) -> HttpResponse:
    status = status_of(exc)
    return problem(request, status, exc.code, exc.detail, exc.errors, headers=_core_headers(exc, status))


def _core_headers(exc: core.CoreError, status: int) -> dict[str, str] | None:
    if isinstance(exc, core.TooMany):
        return {"Retry-After": str(exc.retry_after)}
    return {"WWW-Authenticate": DEAD} if status == 401 else None


def _drf(request: HttpRequest | Request, exc: drf.APIException) -> HttpResponse:
    if isinstance(exc, drf.ValidationError):
        errors = tuple(field_errors(exc.detail))
        return problem(request, exc.status_code, "invalid", core.Invalid.detail, errors)
    code, detail = _code_and_detail(exc)
    errors = getattr(exc, "errors", ())
    return problem(request, _status(exc), code, detail, errors, headers=_headers(exc))


def _status(exc: drf.APIException) -> int:
    # A view without an authenticator makes DRF say 403 here, but who sends no credential is told that one is needed.
    is_credential = isinstance(exc, (drf.NotAuthenticated, drf.AuthenticationFailed))
    return 401 if is_credential else exc.status_code


def _code_and_detail(exc: drf.APIException) -> tuple[str, str]:
    first = next(field_errors(exc.detail), None)
    if first is None:
        return exc.default_code, str(exc.default_detail)
    return CODES.get(first.code, first.code), first.detail


def _headers(exc: drf.APIException) -> dict[str, str]:
    headers = dict(getattr(exc, "headers", {}))
    if isinstance(exc, drf.NotAuthenticated):
        headers["WWW-Authenticate"] = REALM
    elif isinstance(exc, drf.AuthenticationFailed):
        headers["WWW-Authenticate"] = DEAD
    elif isinstance(exc, drf.Throttled) and (wait := getattr(exc, "wait", None)) is not None:
        headers["Retry-After"] = str(math.ceil(wait))
    return headers


def _django(request: HttpRequest | Request, exc: Exception) -> HttpResponse | None:
    for kinds, (status, code, detail) in DJANGO_ERRORS.items():
        if isinstance(exc, kinds):
            if isinstance(exc, django_errors.SuspiciousOperation):
                log.warning("suspicious_request", kind=type(exc).__name__, error=printable(str(exc)))
            return problem(request, status, code, detail)
    return None


def _unexpected(request: HttpRequest | Request, exc: Exception) -> HttpResponse:
    log.error("unexpected_error", method=request.method, path=printable(request.path), exc_info=exc)
    # Django's own signal for uncaught exceptions: error trackers and its test client listen to it.
    got_request_exception.send(sender=None, request=request)
    response = problem(request, 500, "internal_error", "The server failed to answer; the failure has been logged.")
    response._has_been_logged = True  # type: ignore[attr-defined]  # else Django logs the status once more
    return response
