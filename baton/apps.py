"""The application around the core: commands, and the wiring of what follows an event."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class BatonConfig(AppConfig):
    """Baton itself; the models live in `baton.core`."""

    name = "baton"
    verbose_name = "Baton"

    def ready(self) -> None:
        """Register the reactions, so that every process knows what follows an event."""
        import_module("baton.wiring")
