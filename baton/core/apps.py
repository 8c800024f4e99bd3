"""The one Django app that holds models."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Baton's core: every model, in one migration history."""

    name = "baton.core"
    label = "core"
    verbose_name = "Baton"
    default_auto_field = "django.db.models.BigAutoField"
