"""The addresses in letters."""

from __future__ import annotations

from django.urls import path

from baton.surfaces.letters.off import Off

urlpatterns = [path("off/<str:token>/", Off.as_view())]
