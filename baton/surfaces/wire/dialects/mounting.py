"""Where dialects are mounted: each below its prefix, and on its own hosts at the root."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from baton.surfaces.wire.dialects.dialect import dialect_named

Route = URLPattern | URLResolver


def mounted(name: str) -> list[Route]:
    """Return the routes of a dialect below its prefix; none where it is switched off."""
    if name not in settings.BATON_DIALECTS:
        return []
    return [path(f"{name}/", include(dialect_named(name).routes))]


class RootedAt:
    """A URL configuration in which a dialect's paths come first at the root, and everything else as it is."""

    def __init__(self, name: str) -> None:
        house = import_module(settings.ROOT_URLCONF)
        self.urlpatterns: list[Route] = [path("", include(dialect_named(name).routes)), *house.urlpatterns]
        self._house = house

    def __getattr__(self, name: str) -> Any:
        # `handler404` and its kind.
        return getattr(self._house, name)


@cache
def rooted_at(name: str) -> RootedAt:
    """Return the URL configuration of a dialect's own hosts; always the same object, which Django caches by."""
    return RootedAt(name)
