"""Which dialect a request speaks: told by the host it was sent to, or by the beginning of its path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

from baton.lib.hosts import host_name
from baton.surfaces.wire.dialects.dialect import Dialect, dialect_named
from baton.surfaces.wire.dialects.mounting import rooted_at


class FindDialect:
    """Middleware: sets `request.dialect` and has refusals speak it; a dialect's own hosts get its routes at the root.

    It runs before anything that may refuse. Once the view is known, the view decides: whoever asks a native route on a
    dialect's host hears a native answer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request in its dialect."""
        hosted = _of_host(request)
        if hosted is not None:
            request.urlconf = rooted_at(hosted.name)  # type: ignore[assignment]  # Django takes any object with patterns
        speak(request, _of_path(request) or hosted)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> None:
        """Have the view's own dialect spoken, or none; a dialect answers in English as its original did."""
        dialect: Dialect | None = getattr(getattr(view, "view_class", None), "dialect", None)
        speak(request, dialect)
        if dialect is not None:
            translation.activate("en")


def speak(request: HttpRequest, dialect: Dialect | None) -> None:
    """Have the request's refusals given in a dialect, or natively (None)."""
    request.dialect = dialect  # type: ignore[attr-defined]  # a Django request is an open bag
    request.refuse_in_dialect = None if dialect is None else dialect.refuse  # type: ignore[attr-defined]


def dialect_of(request: HttpRequest) -> Dialect | None:
    """Return the dialect that a request speaks."""
    dialect: Dialect | None = getattr(request, "dialect", None)
    return dialect


def _of_path(request: HttpRequest) -> Dialect | None:
    name = request.path_info[1:].partition("/")[0]
    return dialect_named(name) if name in settings.BATON_DIALECTS else None


def _of_host(request: HttpRequest) -> Dialect | None:
    hosts: dict[str, str] = settings.BATON_DIALECT_HOSTS
    if not hosts:
        return None
    try:
        host = request.get_host().lower()
    except DisallowedHost:
        return None  # which is refused further in
    # An entry without a port is for all of them.
    name = hosts.get(host) or hosts.get(host_name(host))
    return dialect_named(name) if name is not None and name in settings.BATON_DIALECTS else None
