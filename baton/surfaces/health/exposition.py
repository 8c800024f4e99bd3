"""The metrics as text, of one process or of several that share a folder."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError
from prometheus_client import REGISTRY, CollectorRegistry, Gauge, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from baton.surfaces.health.follower import count_seconds_behind
from baton.surfaces.health.queued import measure_deliveries

BEHIND = Gauge(
    "baton_log_seconds_behind",
    "Age of the oldest event that some reaction hasn't seen; NaN when the database can't be asked.",
    multiprocess_mode="mostrecent",
)


def render_metrics() -> bytes:
    """Return Prometheus's text of everything measured."""
    try:
        BEHIND.set(count_seconds_behind())
        measure_deliveries()
    except DatabaseError:
        BEHIND.set(float("nan"))
    if settings.PROMETHEUS_MULTIPROC_DIR is None:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(settings.PROMETHEUS_MULTIPROC_DIR))  # type: ignore[no-untyped-call]
    return generate_latest(registry)
