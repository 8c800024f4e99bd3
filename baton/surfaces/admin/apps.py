"""Django's admin with Baton's site."""

from __future__ import annotations

from importlib import import_module

from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.auth.signals import user_logged_in

PAGES = ("accounts", "projects", "tasks", "talk", "events", "deliveries", "machinery")


class BatonAdmin(SimpleAdminConfig):
    """The admin, whose pages are registered by the modules of this package."""

    default_site = "baton.surfaces.admin.site.BatonSite"

    def ready(self) -> None:
        """Register the pages, and see that whoever logs in has an inbox."""
        super().ready()
        for page in PAGES:
            import_module(f"baton.surfaces.admin.{page}")
        actors = import_module("baton.surfaces.admin.actors")
        user_logged_in.connect(actors.give_inbox, dispatch_uid="baton.admin.give_inbox")
