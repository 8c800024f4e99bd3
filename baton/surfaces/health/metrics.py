"""What Prometheus reads: requests by route, method and status, their latency, and the process itself."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

REQUESTS = Counter("baton_http_requests", "Requests answered.", ["route", "method", "status"])
LATENCY = Histogram(
    "baton_http_request_seconds",
    "Seconds from a request's arrival at the application to its answer.",
    ["route", "method"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0),
)
# Anybody may invent a method or a path; neither may become a label of its own.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_UNROUTED = "none"

Handler = Callable[[HttpRequest], HttpResponse]


def measure_requests(get_response: Handler) -> Handler:
    """Return the middleware that counts each answer and how long it took."""
    # Looking a labelled child up in the library costs more than everything else here, so each is kept.
    requests: dict[tuple[str, str, int], Counter] = {}
    latencies: dict[tuple[str, str], Histogram] = {}

    def middleware(request: HttpRequest) -> HttpResponse:
        started = perf_counter()
        response = get_response(request)
        took = perf_counter() - started
        match = request.resolver_match
        route = match.route if match else _UNROUTED
        method = request.method if request.method in _METHODS else "other"
        key = (route, str(method), response.status_code)
        counter = requests.get(key)
        if counter is None:
            counter = requests[key] = REQUESTS.labels(*key)
            latencies.setdefault(key[:2], LATENCY.labels(*key[:2]))
        counter.inc()
        latencies[key[:2]].observe(took)
        return response

    return middleware
