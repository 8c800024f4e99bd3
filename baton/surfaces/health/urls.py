"""Where probes and Prometheus ask."""

from __future__ import annotations

from django.urls import path

from baton.surfaces.health.views import livez, metrics, readyz

urlpatterns = [
    path("livez", livez),
    path("readyz", readyz),
    path("metrics", metrics),
]
