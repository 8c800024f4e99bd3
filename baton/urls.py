"""What comes in, on one screen: every surface and where it is mounted."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("baton.surfaces.health.urls")),
    path("api/", include("baton.surfaces.api.urls")),
    path("admin/", admin.site.urls),
]
