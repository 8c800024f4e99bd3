"""The one Django app that holds models."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.apps.registry import Apps
from django.apps.registry import apps as present_apps
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

from baton.lib.substrings import teach_sqlite_to_fold


class CoreConfig(AppConfig):
    """Baton's core: every model, in one migration history."""

    name = "baton.core"
    label = "core"
    verbose_name = "Baton"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Look at the log's order when a database has been migrated, as after a restore; have all of them fold text."""
        connection_created.connect(teach_sqlite_to_fold, dispatch_uid="baton.lib.substrings")
        post_migrate.connect(_keep_order, sender=self)


def _keep_order(apps: Apps = present_apps, **_given: Any) -> None:
    from baton.core.events.log import keep_order_after_restore

    try:
        apps.get_model("core", "LogEra")
    except LookupError:
        return  # migrated back to before there was a log
    keep_order_after_restore()
