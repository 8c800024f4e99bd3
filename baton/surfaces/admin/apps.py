"""Django's admin with Baton's site."""

from __future__ import annotations

from importlib import import_module

from django.contrib.admin.apps import SimpleAdminConfig

PAGES = ("accounts", "projects", "tasks", "talk", "files", "events", "deliveries", "notifications", "machinery")


class BatonAdmin(SimpleAdminConfig):
    """The admin, whose pages are registered by the modules of this package."""

    default_site = "baton.surfaces.admin.site.BatonSite"

    def ready(self) -> None:
        """Register the pages."""
        super().ready()
        for page in PAGES:
            import_module(f"baton.surfaces.admin.{page}")
