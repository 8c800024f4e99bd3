"""The three questions; each answer is cheap enough to be asked every second."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from baton.surfaces.health.exposition import render_metrics
from baton.surfaces.health.readiness import Readiness, look

_LOOPBACK = frozenset({"127.0.0.1", "::1"})


@require_safe
def livez(_request: HttpRequest) -> HttpResponse:
    """Say that the process answers; touches nothing outside it."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """Say whether requests can be served: 200, or 503 with what stands in the way."""
    found: Readiness = look()
    answer = JsonResponse(found.as_dict(), status=200 if found.is_ready else 503)
    if not found.is_ready:
        answer["Retry-After"] = "2"
        # Django would log every probe's 503 as an error of its own; what is wrong has been logged where it was found.
        answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Give the metrics to whoever holds the token, or, where none is set, to this machine only."""
    if not _may_read_metrics(request):
        return JsonResponse({"status": "denied"}, status=403)
    return HttpResponse(render_metrics(), content_type=CONTENT_TYPE_LATEST)


def _may_read_metrics(request: HttpRequest) -> bool:
    """May whoever asks read the metrics?"""
    if token := settings.BATON_METRICS_TOKEN:
        return constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}")
    # A request that came through a proxy on this machine is somebody else's, whatever its last address is.
    return request.META.get("REMOTE_ADDR") in _LOOPBACK and "HTTP_X_FORWARDED_FOR" not in request.META
